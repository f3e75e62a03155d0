import { begin } from '../../begin.ts';
import { mount } from 'svelte';
import Home from './home.svelte';

begin((target) => mount(Home, { target }));
