/** A page that does what it must not: it makes the client, and with it has the API key. */
import { SentianceUserLinkClient } from 'sentiance-user-link';

document.title = 'starting';
new SentianceUserLinkClient({ apiKey: 'test-user-link-key', region: 'eu' });
document.title = 'started';
