/**
 * Prints the path of a Chromium for `npm run test:browser`, or says how to get one and fails.
 * Plain JavaScript without packages: .ci/run asks it before it installs one.
 */
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const HOW_TO_GET_ONE = `No Chromium found for the browser tests. Get one, then run npm run test:browser again:
  Debian, Ubuntu   apt-get install -y chromium
  macOS            brew install --cask chromium
or set CHROMIUM_PATH to the Chromium or Chrome that you have.`;

const { CHROMIUM_PATH, PATH = '' } = process.env;
const folders = [...PATH.split(delimiter), '/usr/bin', '/snap/bin', join(homedir(), '.local/bin')];
const places = CHROMIUM_PATH
  ? [CHROMIUM_PATH]
  : [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...APPLICATIONS];
const found = places.find(isExecutable);
if (found !== undefined) {
  console.log(found);
} else {
  const wrong = CHROMIUM_PATH && `CHROMIUM_PATH is ${CHROMIUM_PATH}, which is no program.\n`;
  console.error(`${wrong ?? ''}${HOW_TO_GET_ONE}`);
  process.exitCode = 1;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
