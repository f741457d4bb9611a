import { SENTIANCE_REGIONS } from 'sentiance-user-link';
import { type EmulatorFault, SentianceEmulator } from 'sentiance-user-link/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CREATE_USER_FAILURE_REASONS } from '../../../src/testing/emulator/create-user-error.js';
import { PAGE_FILES } from '../../../src/testing/emulator/page/index.js';

const MOST_BYTES = 40_000;

/** The compiler proves that no fault and no field is missing. */
const FIELDS: {
  [T in EmulatorFault['type']]: {
    [Field in Exclude<keyof Extract<EmulatorFault, { type: T }>, 'type'>]-?: true;
  };
} = {
  status: { status: true, errorCode: true, message: true, retryAfter: true },
  delay: { ms: true },
  hang: {},
  disconnect: { phase: true },
  lost_response: {},
  malformed_json: {},
  wrong_shape: {},
  html: {},
  redirect: { location: true },
  create_user: { reason: true },
};

function textOf(path: string): string {
  return PAGE_FILES.find((file) => file.path === path)?.text ?? '';
}

describe("the emulator's page", () => {
  test('has at most 40 kB in all', () => {
    const bytes = PAGE_FILES.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);

    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });

  test('is served with its files, as they are', async () => {
    const emulator = new SentianceEmulator({ controlRoutes: true });
    onTestFinished(() => emulator.close());
    const url = await emulator.listen();

    for (const { path, type, text } of PAGE_FILES) {
      const response = await fetch(`${url}${path}`);
      expect(response.headers.get('content-type')).toBe(type);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(await response.text()).toBe(text);
    }
  });

  test('asks for nothing but its own files', () => {
    const links = [...textOf('/').matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link);

    expect(links.sort()).toEqual(
      PAGE_FILES.map(({ path }) => path)
        .filter((path) => path !== '/')
        .sort(),
    );
    expect(textOf('/_emulator/page.css')).not.toMatch(/url\(|@import/);
    expect(textOf('/_emulator/page.js')).not.toMatch(/\bimport\b/);
  });

  test('holds no script or style that a strict policy refuses, and makes no HTML of values', () => {
    expect(textOf('/')).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)/);
    expect(textOf('/_emulator/page.js')).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/,
    );
  });

  test('offers each fault, with the fields that it has and no others', () => {
    const fieldsets = [...textOf('/').matchAll(/data-fault="(\w+)"(.*?)<\/fieldset>/gs)];
    const offered = fieldsets.map(([, type, html = '']) => [
      type,
      [...html.matchAll(/\bname="(\w+)"/g)].map(([, name]) => name).sort(),
    ]);

    expect(Object.fromEntries(offered)).toEqual(
      Object.fromEntries(
        Object.entries(FIELDS).map(([type, fields]) => [type, Object.keys(fields).sort()]),
      ),
    );
  });

  test('offers the platform URL of each region', () => {
    const [, options = ''] = /name="platformUrl"[^>]*>(.*?)<\/select>/s.exec(textOf('/')) ?? [];
    const urls = [...options.matchAll(/value="([^"]*)"/g)].map(([, url]) => url);

    const ofRegions = Object.values(SENTIANCE_REGIONS).map(({ platformUrl }) => platformUrl);
    // The first is the emulator's own.
    expect(urls).toEqual(['', ...ofRegions]);
  });

  test('offers each reason that createUser fails with', () => {
    const reasons = [...textOf('/').matchAll(/<option>([A-Z_]+)<\/option>/g)];

    expect(reasons.map(([, reason]) => reason).sort()).toEqual(
      [...CREATE_USER_FAILURE_REASONS].sort(),
    );
  });
});
