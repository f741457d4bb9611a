import { login } from '../../login.js';

export default async function Page() {
  return <code>{await login()}</code>;
}
