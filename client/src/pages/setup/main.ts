import { begin } from '../../begin.ts';
import { mount } from 'svelte';
import Setup from './setup.svelte';

begin((target) => mount(Setup, { target }));
