import { begin } from '../../begin.ts';
import { mount } from 'svelte';

/** What pages share comes first, and this page in a task of its own: a slow device can paint and take a touch in between. */
async function load(): Promise<void> {
  const { default: SignIn } = await import('./sign-in.svelte');
  await begin(['first', 'parts'], (target) => mount(SignIn, { target }));
}

void load();
