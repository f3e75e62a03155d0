import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { languageAsked } from './page-language.ts';
import { NOTHING_HERE, sendProblem } from './problems.ts';

/** The addresses of pages, and the client's file for each. */
const PAGES = {
  '/': 'index.html',
  '/station': 'terminal.html',
  '/station/:number': 'terminal.html',
  '/station/:number/': 'terminal.html',
  '/phone': 'terminal.html',
  '/phone/:number': 'terminal.html',
  '/phone/:number/': 'terminal.html',
  '/admin': 'admin.html',
  '/admin/*': 'admin.html',
  '/setup': 'setup.html',
  '/setup/': 'setup.html',
  '/sign-in': 'sign-in.html',
  '/sign-in/': 'sign-in.html',
} as const;

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Perch</title>
  <body style="font: 1.1rem system-ui; margin: 4rem auto; max-width: 36rem; line-height: 1.5">
    <h1>The pages are not built yet</h1>
    <p>The server is running, and phones can register. For the pages, stop it and use <code>npm start</code>, which
      builds them first, or run <code>npm run build</code> and reload.</p>
  </body>
</html>
`;

/** The built client. It is looked for at each request, so that building it needs no restart. */
export async function pages(app: FastifyInstance, clientFolder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: clientFolder,
    // Its own route would list a folder of hundreds of files for each that is asked for, to refuse other spellings of a name.
    serve: false,
    index: false,
    setHeaders: (reply, path) => {
      // Vite puts a hash of the content into these names.
      const hashed = path.startsWith(join(clientFolder, 'assets'));
      reply.header('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
    cacheControl: false,
    // The build leaves a Brotli and a gzip copy beside each file that they make smaller. Answers of the API stay as they are: they
    // are small, and compressing a secret beside what others may write tells its length (BREACH).
    preCompressed: true,
  });
  for (const [url, file] of Object.entries(PAGES))
    app.get(url, { schema: { hide: true } }, (request, reply) =>
      existsSync(join(clientFolder, file))
        ? sendPage(request, reply, file)
        : reply.code(503).type('text/html').send(NOT_BUILT),
    );
  app.get('/*', { schema: { hide: true } }, (request, reply) =>
    reply.sendFile(new URL(request.url, 'http://localhost').pathname.slice(1)),
  );
  app.get('/favicon.ico', { schema: { hide: true } }, (_request, reply) => reply.sendFile('favicon.svg'));
  // Browsers get a page that says so for unknown addresses, programs get a problem in JSON.
  app.setNotFoundHandler((request, reply) =>
    wantsPage(request) && existsSync(join(clientFolder, 'index.html'))
      ? sendPage(request, reply.code(404), 'index.html')
      : sendProblem(reply, NOTHING_HERE),
  );
}

/** The page with the words of the language that is chosen in that browser, or else the first that it accepts. */
function sendPage(request: FastifyRequest, reply: FastifyReply, file: string): FastifyReply {
  const language = languageAsked(request);
  const translated = language === 'en' ? file : file.replace('.html', `.${language}.html`);
  return reply.header('Vary', 'Accept-Language, Cookie').sendFile(translated);
}

function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  const reads = method === 'GET' || method === 'HEAD';
  return reads && !/^\/(api|assets)(\/|$)/.test(url) && (headers.accept ?? '').includes('text/html');
}
