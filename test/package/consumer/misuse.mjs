import { SentianceUserLinkClient } from 'sentiance-user-link';

new SentianceUserLinkClient({ apiKey: 'test-user-link-key', timeout: -1 });
