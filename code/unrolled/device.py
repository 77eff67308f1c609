"""Where a framework computes: on the GPU when it sees one. The choice is printed, so that nobody has to guess."""


def torch_device(say=print):
    """The best device PyTorch sees (CUDA, then Apple's MPS, then CPU). say: where the sentence goes; None is silent."""
    import torch

    if torch.cuda.is_available():
        name, title = "cuda", torch.cuda.get_device_name()
    elif torch.backends.mps.is_available():
        name, title = "mps", "Apple GPU"
    else:
        name, title = "cpu", "CPU (it sees no GPU)"
    if say:
        say(f"PyTorch computes on: {title}")
    return torch.device(name)


def tensorflow_device(say=print):
    """The name of the best device TensorFlow sees, for `tf.device`. TensorFlow uses it without being told."""
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    title = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU") if gpus else None
    if say:
        say(f"TensorFlow computes on: {title or 'CPU (it sees no GPU)'}")
    return "/GPU:0" if gpus else "/CPU:0"
