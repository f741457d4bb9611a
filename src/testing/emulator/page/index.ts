/** The emulator's page, as the files that a browser asks for. */

export interface PageFile {
  /** Below the emulator's URL. */
  readonly path: string;
  /** The `Content-Type`. */
  readonly type: string;
  readonly text: string;
}

const HTML =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Sentiance emulator</title></html>';

export const PAGE_FILES: readonly PageFile[] = [
  { path: '/', type: 'text/html; charset=utf-8', text: HTML },
];
