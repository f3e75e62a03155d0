import { mount } from 'svelte';
import { begin } from '../../begin.ts';
import Page from './page.svelte';

/** Draws the page, once its words are there. */
export const show = (): Promise<void> =>
  begin(['first'], (target, settings) => mount(Page, { target, props: { settings } }));
