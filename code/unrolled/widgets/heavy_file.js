// What is too heavy for a page's first load.

/** A file by its name: from the page's host, or from Python where a kernel runs. */
export function heavyFile(model, name) {
  if (model.file) return model.file(name);
  return new Promise((resolve) => {
    const listen = (content) => {
      if (content.type !== "file" || content.name !== name) return;
      model.off("msg:custom", listen);
      resolve(content.file);
    };
    model.on("msg:custom", listen);
    model.send({ type: "file", name });
  });
}

/** The bytes that a text in base64 stands for. */
export function bytes(base64) {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}
