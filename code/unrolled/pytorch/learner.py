"""What `training.fit` trains when the network is a PyTorch model."""

import numpy as np
import torch


class Learner:
    """A torch model with its optimizer, in the form `training.fit` asks for.

    model: (xs) -> logits. optimizer: a torch optimizer over model's parameters. loss: (logits, labels) -> scalar.
    Batches arrive as NumPy arrays and go to the model's device.
    """

    def __init__(self, model, optimizer, loss=torch.nn.functional.cross_entropy):
        self.model, self.optimizer, self.loss = model, optimizer, loss
        self.device = next(model.parameters()).device

    def logits(self, xs):
        """xs (T, B, D) -> (B, V), a NumPy array; dropout is off."""
        self.model.eval()
        with torch.no_grad():
            return self.model(torch.from_numpy(xs).to(self.device)).cpu().numpy()

    def update(self, xs, labels):
        """One step of the optimizer on one batch, xs (T, B, D) and labels (B,); returns the loss before it."""
        self.model.train()
        loss = self.loss(self.model(torch.from_numpy(xs).to(self.device)), self._labels(labels))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def _labels(self, labels):
        return torch.from_numpy(labels.astype(np.int64)).to(self.device)

    def state(self):
        """Parameters, the optimizer's memory and torch's generator (dropout draws from it) as a dict of arrays."""
        saved = {"generator": torch.get_rng_state().numpy()}
        saved |= {f"model.{name}": p.detach().cpu().numpy() for name, p in self.model.state_dict().items()}
        for number, memory in self.optimizer.state_dict()["state"].items():
            saved |= {f"optimizer.{number}.{name}": a.detach().cpu().numpy() for name, a in memory.items()}
        return saved

    def restore(self, saved):
        """Take up what `state` returned."""
        torch.set_rng_state(torch.from_numpy(saved["generator"]))
        model = {name.removeprefix("model."): torch.tensor(a) for name, a in saved.items() if name.startswith("model.")}
        memory = {}
        for name, array in saved.items():
            if name.startswith("optimizer."):
                _, number, what = name.split(".", 2)
                memory.setdefault(int(number), {})[what] = torch.tensor(array)
        self.model.load_state_dict(model)
        self.optimizer.load_state_dict(self.optimizer.state_dict() | {"state": memory})
