// The editor, bundled into one file by the build and loaded at the first click on Edit. Code keeps the page's colours:
// it is marked with the same classes that Pygments uses.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { highlightCode, tags as t, tagHighlighter } from "@lezer/highlight";

const colours = tagHighlighter([
  { tag: t.comment, class: "c1" },
  { tag: [t.keyword, t.operatorKeyword, t.modifier], class: "k" },
  { tag: [t.moduleKeyword, t.definitionKeyword], class: "kn" },
  { tag: [t.string, t.special(t.string)], class: "s1" },
  { tag: t.number, class: "mi" },
  { tag: [t.bool, t.null, t.self], class: "k kc" },
  { tag: t.function(t.definition(t.variableName)), class: "nf" },
  { tag: t.definition(t.className), class: "nc" },
  { tag: t.meta, class: "nf" },
  { tag: [t.operator, t.derefOperator, t.punctuation], class: "o" },
]);
const language = python();

/** An editor in `parent`; `change(code)` is told each change, `run()` each Ctrl-Enter, Cmd-Enter or Shift-Enter. */
function open(parent, code, { change, run, label }) {
  const runNow = () => (run(), true);
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: code,
      extensions: [
        // CodeMirror lets Esc and then Tab leave; Tab alone indents
        keymap.of([
          { key: "Mod-Enter", run: runNow },
          { key: "Shift-Enter", run: runNow },
        ]),
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        indentUnit.of("    "),
        language,
        syntaxHighlighting(colours),
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of((update) => update.docChanged && change(update.state.doc.toString())),
      ],
    }),
  });
}

/** Code as coloured text nodes, for the page when the editor is closed. */
function paint(code) {
  const out = document.createDocumentFragment();
  const put = (text, classes) => {
    const span = Object.assign(document.createElement("span"), { className: classes, textContent: text });
    out.append(classes ? span : text);
  };
  highlightCode(code, language.language.parser.parse(code), colours, put, () => out.append("\n"));
  return out;
}

(window.unrolled ??= {}).editor = { open, paint };
