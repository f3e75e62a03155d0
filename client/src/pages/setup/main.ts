import { begin } from '../../begin.ts';
import { mount } from 'svelte';

/** What pages share comes first, and this page in a task of its own: a slow device can paint and take a touch in between. */
async function load(): Promise<void> {
  const { default: Setup } = await import('./setup.svelte');
  await begin(['first', 'parts'], (target) => mount(Setup, { target }));
}

void load();
