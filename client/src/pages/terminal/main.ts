import { begin } from '../../begin.ts';
import { mount } from 'svelte';
import Page from './page.svelte';

begin((target, settings) => mount(Page, { target, props: { settings } }));
