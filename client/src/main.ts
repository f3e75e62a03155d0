import './no-evaluated-code.ts';
import '@fontsource-variable/inter/opsz.css';
import { mount } from 'svelte';
import App from './app.svelte';
import './ui/tokens.css';
import './ui/base.css';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target });
