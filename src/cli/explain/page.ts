import { plain } from '../../diagnostics/plain.ts';
import type { Explanation } from './explanation.ts';
import { explanationTree } from './explanation-tree.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { PAGE_STYLE } from './page-style.ts';
import { picture } from './picture.ts';
import { SIGNS, type Tree } from './tree.ts';

/**
 * Explanations as one page that needs nothing else: no script, no font, no image from anywhere, and a policy
 * that forbids them.
 */
export function explanationPage(explanations: readonly Explanation[]): string {
  const title = explanations.map(({ image }) => plain(image)).join(', ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>Pull of ${title}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>${explanations.map(article)}</main>
</body>
</html>
`.text;
}

function article(explanation: Explanation): Markup {
  const tree = explanationTree(explanation);
  return html`
<article>
<h1>${plain(explanation.image)}</h1>
${resultBox(explanation)}
${picture(explanation)}
<h2>All that decides it</h2>
<p>${tree.text}</p>
${list(tree.below.slice(0, -1))}
</article>
`;
}

function resultBox({ result: { ok, findings, advice } }: Explanation): Markup {
  const next = advice === undefined ? NOTHING : html`<p>Next: <code>${advice}</code></p>`;
  const sentences = findings.map(({ text }) => html`<p>${SIGNS[ok ? 'good' : 'bad']}${text}</p>`);
  return html`<div class="result ${ok ? 'good' : 'bad'}">${sentences}${next}</div>`;
}

function list(trees: readonly Tree[]): Markup {
  if (trees.length === 0) return NOTHING;
  const items = trees.map(
    ({ mark, text, below }) =>
      html`<li class="${mark}"><span>${SIGNS[mark]}${text}</span>${list(below)}</li>`,
  );
  return html`<ul>${items}</ul>`;
}
