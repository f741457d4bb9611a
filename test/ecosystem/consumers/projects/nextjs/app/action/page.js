import { redirect } from 'next/navigation';
import { login } from '../../login.js';

async function act() {
  'use server';
  redirect(`/action?code=${await login()}`);
}

export default function Page() {
  return (
    <form action={act}>
      <button type="submit">Log in</button>
    </form>
  );
}
