import { begin } from '../../begin.ts';
import { mount } from 'svelte';
import Home from './home.svelte';

void begin(['first', 'parts'], (target) => mount(Home, { target }));
