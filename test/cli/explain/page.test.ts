import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { explain } from '../../support/explain.ts';
import { auth, mirrorConf, TestNode } from '../../support/node.ts';
import { realProgram, run } from '../../support/real.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

let node: TestNode;
let page: string;

/** A page with much on it: long names, near misses, HTML in a user's name, refused probes. */
beforeAll(async () => {
  node = await TestNode.start();
  const long = `mirror-${'very-'.repeat(12)}long.invalid:5000/${'hub/'.repeat(20)}cache`;
  writeFileSync(node.registriesConf, mirrorConf('docker.io', long));
  node.addNamespace('team-a', {
    'docker.io': auth(HOSTILE, 'secret'),
    [long.split('/')[0]?.replace(':5000', '') ?? '']: auth('nearly', 'secret'),
  });
  node.token('team-a');
  const file = `${node.root}/page.html`;
  await explain(node, ['docker.io/library/nginx', '-n', 'team-a', '--probe', '--html', file]);
  page = readFileSync(file, 'utf8');
});
afterAll(() => node[Symbol.asyncDispose]());

const chromium = realProgram('chromium');

/** The order matters: as root, chromium reads no further than a flag that it waits for. */
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Measures the page in a frame of a phone's or a desk's width, once it is there. */
const OBSERVER = `<!doctype html><title>observer</title><iframe height="900"></iframe><script>
const frame = document.querySelector('iframe');
frame.width = new URL(location).searchParams.get('width');
frame.src = '/page';
const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
const luminance = (color) => {
  const [r, g, b] = rgb(color).map((one) => one / 255)
    .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
frame.onload = () => {
  const { body, documentElement } = frame.contentDocument;
  const styleOf = (element) => frame.contentWindow.getComputedStyle(element);
  const behind = (element) => {
    const color = styleOf(element).backgroundColor;
    return rgb(color)[3] === 0 ? behind(element.parentElement) : color;
  };
  const contrasts = [...body.querySelectorAll('*')]
    .filter((one) => [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
    .map((one) => [luminance(styleOf(one).color), luminance(behind(one))].sort((a, b) => b - a))
    .map(([light, dark]) => (light + 0.05) / (dark + 0.05));
  const boxes = [...body.querySelectorAll('.box')].map((one) => one.getBoundingClientRect());
  document.title = JSON.stringify({
    background: styleOf(body).backgroundColor,
    overflow: documentElement.scrollWidth - documentElement.clientWidth,
    contrast: contrasts.length > 20 ? Math.min(...contrasts) : 0,
    images: body.querySelectorAll('img, script').length,
    text: body.innerText,
    labels: [...body.querySelectorAll('.box .label')].map((one) => one.textContent),
    beside: boxes[0].right < boxes[1].left,
    below: boxes[0].bottom < boxes[1].top,
  });
};
</script>`;

interface Observed {
  readonly background: string;
  readonly overflow: number;
  readonly contrast: number;
  readonly images: number;
  readonly text: string;
  readonly labels: readonly string[];
  readonly beside: boolean;
  readonly below: boolean;
}

/** What chromium makes of the page, and all that it asked for meanwhile. */
async function observed(width: number, ...flags: readonly string[]) {
  const requests: string[] = [];
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      requests.push(pathname);
      const body = pathname === '/page' ? page : OBSERVER;
      return new Response(body, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
    },
  });
  using home = temporaryDirectory();
  const url = `http://127.0.0.1:${server.port}/?width=${width}`;
  const data = `--user-data-dir=${home.path}/data`;
  const command = [chromium.path, ...FLAGS, data, '--window-size=1300,1000', ...flags];
  const { stdout } = await run([...command, '--dump-dom', url], { home: home.path });
  await server.stop(true);
  const title = /<title>(.*?)<\/title>/s.exec(stdout)?.[1] ?? '';
  const json = title.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const found: Observed = JSON.parse(json);
  return { ...found, requests: requests.filter((path) => path !== '/favicon.ico') };
}

const READABLE = 4.5;

describe('in a real browser the page', () => {
  chromium.test('is readable on a phone, the chain from top to bottom', async () => {
    const { overflow, contrast, beside, below } = await observed(390);
    expect({ overflow, beside, below }).toEqual({ overflow: 0, beside: false, below: true });
    expect(contrast).toBeGreaterThanOrEqual(READABLE);
  });

  chromium.test('is readable on a desk, the chain from left to right', async () => {
    const { overflow, contrast, beside, background } = await observed(1200);
    expect({ overflow, beside, background }).toEqual({
      overflow: 0,
      beside: true,
      background: 'rgb(255, 255, 255)',
    });
    expect(contrast).toBeGreaterThanOrEqual(READABLE);
  });

  chromium.test('is readable in dark mode', async () => {
    const { background, contrast } = await observed(390, '--blink-settings=preferredColorScheme=0');
    expect(background).toBe('rgb(13, 17, 23)');
    expect(contrast).toBeGreaterThanOrEqual(READABLE);
  });

  chromium.test('shows the chain, loads nothing, and runs nothing', async () => {
    const { labels, requests, images, text } = await observed(390);
    expect(labels).toEqual([
      ...['image', 'registries.conf', '1 · mirror', 'credential', '2 · primary', 'Secret'],
    ]);
    expect(requests).toEqual(['/', '/page']);
    expect(images).toBe(0);
    expect(text).toContain(`user "${HOSTILE}"`);
    expect(text).toContain('✗ no credential for the mirror');
  });
});

test('what comes from outside is escaped', () => {
  expect(page).not.toContain('<img');
  expect(page).toContain('&#60;img src=x onerror=alert(1)&#62;');
});
