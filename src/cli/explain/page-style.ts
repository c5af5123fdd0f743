import { Markup } from './markup.ts';

/** The look of the page: beside one another where there is room, below one another on a phone. */
export const PAGE_STYLE = new Markup(`
:root {
  color-scheme: light dark;
  --page: #fff; --text: #1b1f24; --quiet: #59636e; --line: #8c959f; --panel: #f6f8fa;
  --good: #116329; --good-panel: #e6f6ea; --bad: #b3121d; --bad-panel: #ffecea;
  --note: #7a4d00; --note-panel: #fff5d6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --quiet: #9198a1; --line: #6e7681; --panel: #161b22;
    --good: #5fd37a; --good-panel: #10291a; --bad: #ff8f88; --bad-panel: #35161a;
    --note: #e8b848; --note-panel: #2e2510;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.45 system-ui, sans-serif; overflow-wrap: anywhere;
}
main { max-width: 76rem; margin: 0 auto; padding: 1rem; }
article + article { margin-top: 3rem; border-top: 1px solid var(--line); }
h1 { font-size: 1.35rem; margin: 1rem 0 .75rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
code { font-family: ui-monospace, monospace; font-size: .9em; }
.good { --state: var(--good); --state-panel: var(--good-panel); }
.bad { --state: var(--bad); --state-panel: var(--bad-panel); }
.note { --state: var(--note); --state-panel: var(--note-panel); }
.plain { --state: var(--line); --state-panel: var(--panel); }
.result {
  border-left: .35rem solid var(--state); background: var(--state-panel);
  padding: .6rem .9rem; margin-bottom: 1.5rem; border-radius: .3rem;
}
.result p { margin: .15rem 0; }
.result.bad p:first-child, .result.good p { color: var(--state); font-weight: 600; }
.chain { display: flex; flex-direction: column; align-items: stretch; }
.box {
  border: 2px solid var(--state); background: var(--state-panel); border-radius: .5rem;
  padding: .5rem .75rem; display: flex; flex-direction: column; flex: 1 1 0; min-width: 0;
}
.box span { font-size: .875rem; }
.box .label { color: var(--quiet); font-size: .75rem; text-transform: uppercase; letter-spacing: .04em; }
.box em { font-style: normal; font-size: .875rem; font-weight: 600; color: var(--state); }
.box em.plain { color: var(--quiet); }
.arrow { position: relative; flex: none; height: 1.75rem; }
.arrow::before { content: ""; position: absolute; left: 1.5rem; top: 0; bottom: .3rem; border-left: 2px solid var(--line); }
.arrow::after {
  content: ""; position: absolute; left: calc(1.5rem - .3rem + 1px); bottom: 0;
  border: .3rem solid transparent; border-bottom-width: 0; border-top: .45rem solid var(--line);
}
.row { position: relative; display: flex; flex-direction: column; padding: 1rem 0 0 1.5rem; margin-left: 1.5rem; }
.row::before { content: ""; position: absolute; left: 0; top: 0; bottom: 0; border-left: 2px solid var(--line); }
.row:last-child::before { bottom: auto; height: 3.5rem; }
.row > .arrow:first-child { position: absolute; left: 0; top: 2.5rem; width: 1.5rem; height: 2rem; }
.row > .arrow:first-child::before { left: 0; right: .3rem; top: 50%; bottom: auto; border: 0; border-top: 2px solid var(--line); }
.row > .arrow:first-child::after {
  left: auto; right: 0; top: calc(50% - .3rem + 1px); bottom: auto;
  border: .3rem solid transparent; border-right-width: 0; border-left: .45rem solid var(--line);
}
ul { list-style: none; margin: 0; padding-left: 1rem; border-left: 1px solid var(--line); }
article > ul { padding-left: 0; border: 0; }
article > ul > li { margin-top: .6rem; }
article > ul > li > span { font-weight: 600; }
article > ul > li.good > span, article > ul > li.note > span { font-weight: inherit; }
li.good > span, li.bad > span, li.note > span { color: var(--state); }
li li { padding: .1rem 0; }
@media (min-width: 52rem) {
  .chain { flex-direction: row; align-items: center; }
  .endpoints { position: relative; flex: 2.6 1 0; min-width: 0; margin-left: 1rem; }
  .endpoints::before { content: ""; position: absolute; left: -1rem; width: 1rem; top: 50%; border-top: 2px solid var(--line); }
  .row { flex-direction: row; align-items: center; padding: .4rem 0; margin: 0; }
  .row:first-child::before { top: 50%; }
  .row:last-child::before { bottom: 50%; height: auto; }
  .row:only-child::before { display: none; }
  .row > .arrow:first-child { position: relative; top: 0; width: 1.5rem; height: auto; }
  .arrow { height: auto; width: 2.25rem; align-self: stretch; }
  .arrow::before { left: 0; right: .3rem; top: 50%; bottom: auto; border: 0; border-top: 2px solid var(--line); }
  .arrow::after {
    left: auto; right: 0; top: calc(50% - .3rem + 1px); bottom: auto;
    border: .3rem solid transparent; border-right-width: 0; border-left: .45rem solid var(--line);
  }
}
@media print { .box, .result { print-color-adjust: exact; } }
`);
