import type { Service as DialledService } from '@perch/shared';
import { echo } from '../../../media/playback/echo.ts';
import { service, type Service } from '../service.ts';
import { dialogue } from './dialogue.ts';

export type EchoRequest = Extract<DialledService, { readonly name: 'echo' }>;

/** The caller hears itself, as others do. Pages are told nothing: they hear it. */
export const echoService = (): Service<EchoRequest> =>
  service({
    dialogue,
    begin: ({ endpoint }) => ({
      sight: undefined,
      // It ends with the endpoint.
      perform: () => void echo(endpoint),
      tell: () => undefined,
    }),
  });
