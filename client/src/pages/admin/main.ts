import { begin } from '../../begin.ts';
import { mount } from 'svelte';
import Admin from './admin.svelte';

begin((target) => mount(Admin, { target }));
