/** The emulator's page, as the files that a browser asks for. */
import { readText } from './read-text.js';

export interface PageFile {
  /** Below the emulator's URL. */
  readonly path: string;
  /** The `Content-Type`. */
  readonly type: string;
  readonly text: string;
}

export const PAGE_FILES: readonly PageFile[] = [
  { path: '/', type: 'text/html; charset=utf-8', text: readText('page.html') },
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
