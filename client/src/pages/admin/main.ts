import { begin } from '../../begin.ts';
import { mount } from 'svelte';

/** What pages share comes first, and this page in a task of its own: a slow device can paint and take a touch in between. */
async function load(): Promise<void> {
  const { default: Admin } = await import('./admin.svelte');
  await begin(['first', 'parts', 'management'], (target, settings) =>
    mount(Admin, { target, props: { settings } }),
  );
}

void load();
