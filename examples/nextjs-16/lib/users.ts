import { UserStore } from 'example-users';

// One for all routes: Next.js may load this module once for each of them.
const everywhere: typeof globalThis & { users?: UserStore } = globalThis;
everywhere.users ??= new UserStore();

export const { users } = everywhere;
