// For bundle.py. In: {"css": text, "pages": [html, …], "scripts": [text, …], "others": [text, …]}, the last ones
// only read. Out: {"css": text, "scripts": [text, …]}, without the rules that no page can show, blanks, comments.

import { text } from "node:stream/consumers";

import { transform } from "esbuild";
import { PurgeCSS } from "purgecss";

// What appears only at run time and in no page's source: names that the theme's scripts compose, and the names of
// our own scripts (u-: widgets and exercises, q-: quantities, cm-: the code editor, jp-: JupyterLab's outputs).
const KEEP = [/^(u|q|cm|jp)-/, /widget/i, /^(open|dialog|show|active|hidden|disabled|scrolled)$/];

const inTags = (html) =>
  html
    .match(/<[a-z][^>]*>/gi)
    ?.join(" ")
    .match(/[\w-]+/g) ?? [];
const words = (script) => script.match(/[\w-]+/g) ?? [];

const { css, pages, scripts, others } = JSON.parse(await text(process.stdin));
const [purged] = await new PurgeCSS().purge({
  content: [
    ...pages.map((raw) => ({ raw, extension: "html" })),
    ...[...scripts, ...others].map((raw) => ({ raw, extension: "js" })),
  ],
  css: [{ raw: css }],
  extractors: [
    { extensions: ["html"], extractor: inTags },
    { extensions: ["js"], extractor: words },
  ],
  fontFace: true,
  keyframes: true,
  variables: true,
  safelist: { standard: KEEP, variables: [/^--(q|u)-/] },
});
const small = async (source, loader) =>
  (await transform(source, { loader, minify: true, legalComments: "none", charset: "utf8" })).code.trim();
const answer = {
  css: await small(purged.css, "css"),
  scripts: await Promise.all(scripts.map((script) => small(script, "js"))),
};
process.stdout.write(JSON.stringify(answer));
