/** What a project can write that has neither DOM's library nor any types of a runtime. */
import { SentianceUserLinkClient } from 'sentiance-user-link';

export const client = new SentianceUserLinkClient({ apiKey: 'test-user-link-key' });
