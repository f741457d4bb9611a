/** The emulator's page: shows its state as it changes, and does what curl could do. */

/** How many rows of a list are drawn at first, and with each click on "more". */
const ROWS = 50;
/** How many codes and devices the forms offer. */
const OFFERS = 100;
/** As a backend's client waits; then a fault that hangs is over. */
const TIMEOUT = 5_000;
const RECONNECT_AFTER = 1_000;

const MUTATION =
  'mutation($externalId: String!) { generate_auth_code(external_id: $externalId) { authentication_code } }';

const find = (selector, inside = document) => inside.querySelector(selector);
const clone = (id) => find(`#${id}`).content.firstElementChild.cloneNode(true);
const timeOf = (iso) => iso.slice(11, 19);
const cut = (text, length = 300) => (text.length > length ? `${text.slice(0, length)}…` : text);

/** Values come from requests: they are text, never HTML. */
function write(element, text) {
  const short = cut(String(text));
  if (element.textContent !== short) element.textContent = short;
}

function fill(row, values) {
  for (const [name, text] of Object.entries(values)) write(find(`[data-text=${name}]`, row), text);
}

// Lists: a row stays the same element as long as its item is there, so that focus and selection do.

const rowsOf = new WeakMap();

function draw(parent, items, { key, make, update }) {
  const rows = rowsOf.get(parent) ?? new Map();
  rowsOf.set(parent, rows);
  const keys = new Set(items.map(key));
  for (const [known, row] of rows) {
    if (keys.has(known)) continue;
    leave(row);
    row.remove();
    rows.delete(known);
  }
  let place = parent.firstElementChild;
  for (const item of items) {
    const row = rows.get(key(item)) ?? make();
    rows.set(key(item), row);
    if (row === place) place = place.nextElementSibling;
    else parent.insertBefore(row, place);
    update(row, item);
  }
}

/** Focus that would be lost with an element goes to the heading before it. */
function leave(element) {
  if (!element.contains(document.activeElement)) return;
  find('[tabindex="-1"]', element.closest('section, form')).focus();
}

function setHidden(element, hidden) {
  if (hidden) leave(element);
  element.hidden = hidden;
}

/** A list with its count, a search, and no more rows than somebody looks at. */
function listIn(id, { words, ...rules }) {
  const part = (selector) => find(`#${id} > ${selector}`);
  const search = find(`#${id} input`);
  const more = part('.more');
  let items = [];
  let limit = ROWS;
  const redraw = () => {
    const wanted = search.value.trim().toLowerCase();
    const isFound = (item) => words(item).join(' ').toLowerCase().includes(wanted);
    const found = wanted === '' ? items : items.filter(isFound);
    draw(find(`#${id} .rows`), found.slice(0, limit), rules);
    const count = items.length.toLocaleString('en');
    write(find(`#${id} .count`), wanted === '' ? count : `${found.length} of ${count}`);
    part('.empty').hidden = items.length > 0;
    setHidden(part('.find'), items.length <= 10 && wanted === '');
    const left = found.length - limit;
    setHidden(more, left <= 0);
    write(more, `Show ${Math.min(left, ROWS)} more of ${left}`);
  };
  search.addEventListener('input', redraw);
  more.addEventListener('click', () => {
    limit += ROWS;
    redraw();
  });
  return (next) => {
    items = next;
    redraw();
  };
}

// What is shown

let state;
let readAt = 0;

const nowOfEmulator = () => Date.parse(state.now) + Date.now() - readAt;

const drawUsers = listIn('users', {
  key: ({ userId }) => userId,
  words: ({ externalId, userId, devices }) => [externalId, userId, ...devices.map(({ id }) => id)],
  make: () => clone('user-row'),
  update(row, user) {
    fill(row, { externalId: user.externalId, userId: user.userId });
    draw(find('.rows', row), user.devices.slice(0, ROWS), {
      key: ({ id }) => id,
      make: newDeviceRow,
      update: (deviceRow, device) => updateDevice(deviceRow, device, user),
    });
    const left = user.devices.length - ROWS;
    setHidden(find('.left', row), left <= 0);
    write(find('.left', row), `and ${left} devices more`);
  },
});

function newDeviceRow() {
  const row = clone('device-row');
  find('button', row).addEventListener('click', () => {
    set('reset-device', 'deviceId', row.device.id);
    find('#reset-device button').focus();
  });
  return row;
}

function updateDevice(row, device, user) {
  row.device = device;
  const { id, type, active } = device;
  find('.icon', row).className = `icon ${type}${active ? ' active' : ''}`;
  find('.pill', row).className = active ? 'pill good' : 'pill';
  const [word, since] = activityOf(device, user);
  fill(row, { type, id, state: word, since });
  find('button', row).setAttribute('aria-label', `Reset… ${cut(id)}`);
}

function activityOf({ active, since, switchedOffBy }, { activeDevice }) {
  const at = timeOf(since);
  if (active) return ['active', `since ${at}`];
  if (switchedOffBy) return ['switched off', `by ${switchedOffBy.deviceId} at ${at}`];
  const phone = activeDevice?.type === 'phone' ? `, ${activeDevice.id} stays active` : '';
  return ['not active', `since ${at}${phone}`];
}

const drawCodes = listIn('codes', {
  key: ({ id }) => id,
  words: ({ code, externalId, redeemedBy = '' }) => [code, externalId, redeemedBy],
  make() {
    const row = clone('code-row');
    find('button', row).addEventListener('click', () => {
      chooseCode(row.code.id);
      field('redeem', 'deviceId').focus();
    });
    return row;
  },
  update(row, code) {
    row.code = code;
    const [word, detail] = lifeOf(code);
    fill(row, { code: code.code, externalId: code.externalId, state: word, detail });
    find('.pill', row).className = word === 'valid' ? 'pill good' : 'pill';
    find('button', row).setAttribute(
      'aria-label',
      `Redeem… ${code.code} of ${cut(code.externalId)}`,
    );
  },
});

function lifeOf({ state: word, expiresAt, redeemedBy }) {
  if (word === 'redeemed') return [word, `by ${redeemedBy}`];
  const left = Math.ceil((Date.parse(expiresAt) - nowOfEmulator()) / 1_000);
  if (word === 'expired' || left <= 0) return ['expired', `at ${timeOf(expiresAt)}`];
  return ['valid', `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`];
}

const drawRequests = listIn('requests', {
  key: ({ id }) => id,
  words: ({ externalId = '', method, path, reason }) => [externalId, method, path, reason],
  make: () => clone('request-row'),
  update(row, { time, method, path, api, externalId, status, fault, reason, duration }) {
    const isCode = status === 200 && !reason.includes('with errors');
    const isGood = isCode && (fault === undefined || fault === 'delay');
    const isUnderWay = duration === undefined;
    find('.pill', row).className = `pill ${isGood ? 'good' : isUnderWay ? '' : 'bad'}`;
    fill(row, {
      time: timeOf(time),
      externalId: externalId ?? `${method} ${path}`,
      status: status || '–',
      reason: reason.replace(/^\d{3}:? /, ''),
      api: { rest: 'REST', graphql: 'GraphQL' }[api] ?? '',
      duration: isUnderWay ? '' : `${Math.round(duration)} ms`,
    });
  },
});

function drawFaults(faults) {
  find('#no-faults').hidden = faults.length > 0;
  draw(find('#faults'), [...faults.slice(0, OFFERS).entries()], {
    key: ([index]) => index,
    make: () => clone('fault-row'),
    update(row, [, { fault, times }]) {
      const { type, ...fields } = fault;
      const what = Object.entries(fields).map(([name, value]) => `${name} ${value}`);
      const label = find(`#fault [value=${type}]`).textContent;
      fill(row, { what: [label, ...what].join(', '), times: `× ${times}` });
    },
  });
}

function drawOffers({ users, codes }) {
  const devices = users.flatMap((user) => user.devices).slice(-OFFERS);
  const option = (key, textOf) => ({
    key,
    make: () => document.createElement('option'),
    update(element, item) {
      element.value = key(item);
      write(element, textOf(item));
    },
  });
  draw(
    find('#devices'),
    devices,
    option(
      ({ id }) => id,
      () => '',
    ),
  );
  const chosen = Number(field('redeem', 'codeId').value);
  const offered = codes.filter(({ id }, index) => index < OFFERS || id === chosen);
  draw(
    field('redeem', 'codeId'),
    offered.length > 0 ? offered : [{ id: '' }],
    option(
      ({ id }) => id,
      (code) => (code.id === '' ? 'none yet: ask for one first' : describeCode(code)),
    ),
  );
  drawCurl(find('#redeem'));
}

const describeCode = (code) => `${code.code} of ${cut(code.externalId, 40)}, ${lifeOf(code)[0]}`;

function chooseCode(id) {
  const codes = field('redeem', 'codeId');
  codes.value = id;
  if (codes.value === '') {
    // One of the older codes, which are not offered until they are asked for.
    const option = new Option('', id, true, true);
    codes.append(option);
    rowsOf.get(codes).set(id, option);
    drawState();
  }
  drawCurl(find('#redeem'));
}

function drawState() {
  // The newest first: what has just happened is on top.
  const newest = { ...state, users: state.users.toReversed(), codes: state.codes.toReversed() };
  drawUsers(newest.users);
  drawRequests(state.requests.toReversed());
  drawFaults(state.faults);
  drawOffers(newest);
  drawTime(newest.codes);
}

function drawTime(codes = state.codes.toReversed()) {
  const now = new Date(nowOfEmulator()).toISOString();
  find('#now').dateTime = now;
  write(find('#now'), `${now.slice(0, 10)} ${timeOf(now)} UTC`);
  drawCodes(codes);
}

// How it stays up to date

let isQueued = false;
let latest = Promise.resolve();

/** Reads the state: one request at a time, and one more for all who asked meanwhile. */
function refresh() {
  if (!isQueued) latest = latest.then(read, read);
  isQueued = true;
  return latest;
}

/** A large state under a flood of changes takes no more than a quarter of the time. */
let restUntil = 0;

async function read() {
  await new Promise((resolve) => setTimeout(resolve, restUntil - performance.now()));
  isQueued = false;
  const started = performance.now();
  let next;
  try {
    const response = await fetch('/_emulator/state');
    if (!response.ok) throw new Error(`status ${response.status}`);
    next = await response.json();
  } catch {
    lose();
    return;
  }
  take(next);
  const ended = performance.now();
  restUntil = ended + 3 * (ended - started);
}

let source;
let timer;
let isLost = false;

function take(next) {
  const size = ({ users, codes, requests }) => users.length + codes.length + requests.length;
  const again = isLost && state && size(next) < size(state);
  state = next;
  readAt = Date.now();
  drawState();
  const news = again ? 'Live again. The emulator was restarted and begins empty.' : 'Live again.';
  if (find('#connection').className === 'live') return;
  connectionIs('live', isLost ? news : 'Live');
  isLost = false;
  readKey().catch(lose);
}

function lose() {
  source.close();
  isLost = true;
  connectionIs('lost', 'The emulator does not respond. Start it again: this page reconnects.');
  clearTimeout(timer);
  timer = setTimeout(connect, RECONNECT_AFTER);
}

function connectionIs(kind, text) {
  find('#connection').className = kind;
  write(find('#connection'), text);
}

/** Not while nobody looks: a browser has six connections for all of an emulator's pages. */
function connect() {
  source?.close();
  clearTimeout(timer);
  if (document.hidden) return;
  source = new EventSource('/_emulator/events');
  source.addEventListener('state', refresh);
  source.addEventListener('error', lose);
}

// What one can do. Each action is a form; the request that it sends is the one that curl would.

const post = (path, body) => ({ method: 'POST', path: `/_emulator/${path}`, body });

const ACTIONS = {
  ask: {
    request: ({ externalId, apiKey, api }) => ({
      method: 'POST',
      path: api === 'rest' ? '/users/auth-code' : '/v4/gql',
      headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
      body:
        api === 'rest'
          ? { external_id: externalId }
          : { query: MUTATION, variables: { externalId } },
    }),
    say: sayCode,
  },
  redeem: {
    request: ({ codeId, deviceId, type, platformUrl }) =>
      post('users', {
        codeId: Number(codeId || 1),
        device: { id: deviceId, type },
        platformUrl,
      }),
    say: ({ body: { userId, restored, active } }) =>
      `${restored ? 'Restored the' : 'A new'} Sentiance user ${userId}, ${active ? 'active' : 'not active: the phone stays the active one'}.`,
  },
  'reset-device': {
    request: ({ deviceId }) => post(`devices/${encodeURIComponent(deviceId)}/reset`),
    say: ({ body: { deviceId } }) => `${deviceId} has no user any more.`,
  },
  fault: {
    request: ({ times, ...fault }) => post('faults', { ...fault, times }),
    say: ({ body: { times } }) => `Queued: ${times === 1 ? 'once' : `${times} times`}.`,
  },
  clear: {
    request: () => ({ method: 'DELETE', path: '/_emulator/faults' }),
    say: () => 'The queue is empty.',
  },
  advance: {
    request: ({ minutes }) => post('clock', { advance: minutes * 60_000 }),
    say: sayTime,
  },
  'put-back': { request: () => post('clock', { reset: true }), say: sayTime },
  reset: { request: () => post('reset'), say: () => 'Everything is forgotten.' },
};

function sayTime({ body: { now } }) {
  return `It is ${timeOf(now)} now.`;
}

/** What the backend has then: a code, or why there is none. */
async function sayCode({ status, body }) {
  const { authentication_code: code } = body?.data?.generate_auth_code ?? body ?? {};
  if (typeof code === 'string') {
    await refresh();
    const issued = state.codes.findLast((known) => code.startsWith(known.code.slice(0, 8)));
    if (issued) chooseCode(issued.id);
    return `${status}: a code, ${code.slice(0, 8)}…`;
  }
  const [error] = body?.errors ?? [];
  throw new Error(
    error
      ? `${status} with the error ${error.extensions?.code}: ${error.message}`
      : `${status}, but no code in the response.`,
  );
}

async function perform(form) {
  const output = find('output', form);
  const { request, say } = ACTIONS[form.id];
  const tell = (kind, text) => {
    output.className = kind;
    write(output, text);
  };
  tell('', 'Waiting for the response…');
  try {
    tell('good', await say(await send(request(valuesOf(form)))));
  } catch (error) {
    tell('bad', error.message);
  }
  refresh();
}

async function send({ method, path, headers, body }) {
  let response;
  let text;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
    });
    text = await response.text();
  } catch (error) {
    const isLate = error.name === 'TimeoutError';
    throw new Error(
      isLate ? 'No response within 5 seconds.' : 'No response: the connection was cut.',
    );
  }
  if (response.type === 'opaqueredirect')
    throw new Error('A redirect, which a client must not follow.');
  const content = parse(text);
  if (response.ok) return { status: response.status, body: content };
  throw new Error(explain(response.status, content ?? {}));
}

function explain(status, { reason, message = '', errorCode, code }) {
  // The SDK knows no status: its failures have a reason, with which the message begins.
  if (reason) return message.startsWith(reason) ? message : `${reason}: ${message}`;
  return [status, errorCode ?? code].filter(Boolean).join(' ') + (message && `: ${message}`);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Forms

const field = (form, name) => find(`#${form}`).elements[name];

function set(form, name, value) {
  field(form, name).value = value;
  drawCurl(find(`#${form}`));
}

/** What the form says; a field that is left empty, optional ones alone, is omitted. */
function valuesOf(form) {
  const fields = [...form.elements].filter((it) => it.name && !it.matches(':disabled'));
  return Object.fromEntries(
    fields
      .filter(({ value, dataset }) => value !== '' || !('optional' in dataset))
      .map(({ name, type, value, dataset }) => [
        name,
        type === 'number' || ('seconds' in dataset && /^\d+$/.test(value)) ? Number(value) : value,
      ]),
  );
}

const quote = (text) =>
  /^[\w./:%-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

function curlOf({ method, path, headers = {}, body }) {
  return [
    'curl -s',
    ...(body ? [] : [`-X ${method}`]),
    quote(location.origin + path),
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body ? [`-d ${quote(JSON.stringify(body))}`] : []),
  ].join(' ');
}

function drawCurl(form) {
  find('.curl', form).textContent = curlOf(ACTIONS[form.id].request(valuesOf(form)));
}

for (const form of document.forms) {
  find('[type=submit]', form).after(find('#action-end').content.cloneNode(true));
  const copy = find('.copy', form);
  copy.setAttribute('aria-label', `Copy curl: ${find('h3', form).textContent}`);
  copy.hidden = navigator.clipboard === undefined;
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(find('.curl', form).textContent);
    find('output', form).className = '';
    write(find('output', form), 'Copied.');
  });
  form.addEventListener('input', () => drawCurl(form));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    perform(form);
  });
}

const faultType = field('fault', 'type');
function showFieldsOfFault() {
  for (const fields of document.querySelectorAll('[data-fault]')) {
    fields.hidden = fields.dataset.fault !== faultType.value;
    fields.disabled = fields.hidden;
  }
  drawCurl(find('#fault'));
}
faultType.addEventListener('input', showFieldsOfFault);

field('redeem', 'type').addEventListener('input', ({ target }) => {
  const id = field('redeem', 'deviceId');
  id.value = id.value.replace(/^(phone|tablet)\b/, target.value);
  drawCurl(find('#redeem'));
});

function showExports() {
  const key = quote(field('ask', 'apiKey').value);
  const lines = [`SENTIANCE_BASE_URL=${location.origin}`, `SENTIANCE_USER_LINK_API_KEY=${key}`];
  write(find('#exports'), lines.map((line) => `export ${line}`).join('\n'));
}
field('ask', 'apiKey').addEventListener('input', showExports);

let ownKey = field('ask', 'apiKey').value;

/** The emulator's key, unless somebody has put another one in, such as a wrong one. */
async function readKey() {
  const { apiKey } = await (await fetch('/_emulator')).json();
  if (field('ask', 'apiKey').value === ownKey) set('ask', 'apiKey', apiKey);
  ownKey = apiKey;
  showExports();
}

for (const form of document.forms) drawCurl(form);
showFieldsOfFault();
showExports();
setInterval(() => state && drawTime(), 1_000);
document.addEventListener('visibilitychange', connect);
connect();
