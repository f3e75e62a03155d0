import { begin } from '../../begin.ts';
import { mount } from 'svelte';

/** What a phone needs for a call, each part in a task of its own: a slow device can paint and take a touch in between. */
async function load(): Promise<void> {
  await import('../../sip/user-agent.ts');
  const { default: Page } = await import('./page.svelte');
  await begin(['first'], (target, settings) => mount(Page, { target, props: { settings } }));
}

void load();
