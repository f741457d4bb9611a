/** The emulator's page, as the files that a browser asks for. */
import { SENTIANCE_REGIONS } from 'sentiance-user-link';
import { readText } from './read-text.js';

export interface PageFile {
  /** Below the emulator's URL. */
  readonly path: string;
  /** The `Content-Type`. */
  readonly type: string;
  readonly text: string;
}

export const PAGE_FILES: readonly PageFile[] = [
  { path: '/', type: 'text/html; charset=utf-8', text: withRegions(readText('page.html')) },
  {
    path: '/_emulator/page.css',
    type: 'text/css; charset=utf-8',
    text: readText('page.css'),
  },
  {
    path: '/_emulator/page.js',
    type: 'text/javascript; charset=utf-8',
    text: readText('page.js'),
  },
  { path: '/_emulator/icon.svg', type: 'image/svg+xml', text: readText('icon.svg') },
];

/** The page itself lists no region: this is where each can be chosen. */
function withRegions(html: string): string {
  const options = Object.entries(SENTIANCE_REGIONS).map(([region, { platformUrl }]) => {
    const label = region === 'eu' ? 'none, so the SDK takes the EU’s' : `that of region ${region}`;
    return `<option value="${platformUrl}">${label}</option>`;
  });
  return html.replace('<!-- regions -->', options.join('\n            '));
}
