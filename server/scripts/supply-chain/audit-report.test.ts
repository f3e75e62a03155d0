import { expect, test } from 'vitest';
import { reportOf } from './audit-report.ts';

test('where nothing is known, it says so', () => {
  expect(reportOf('{"auditReportVersion":2,"vulnerabilities":{}}')).toEqual({
    text: 'No advisory is known for what Perch depends on.',
    exitCode: 0,
  });
});

test('what is known is named, with where it can be read', () => {
  const vulnerabilities = {
    ws: {
      severity: 'high',
      range: '<8.17.1',
      via: [{ title: 'DoS by many headers', url: 'https://example.org/1' }],
    },
    jsdom: { severity: 'high', range: '*', via: ['ws'] },
  };
  expect(reportOf(JSON.stringify({ vulnerabilities }))).toEqual({
    text: 'ws <8.17.1, high: DoS by many headers (https://example.org/1)\njsdom *, high: by ws',
    exitCode: 1,
  });
});

test.for([
  { output: '{"message":"connect ECONNREFUSED","error":{}}', why: 'connect ECONNREFUSED' },
  { output: '', why: 'npm did not answer' },
  { output: '<html>Proxy</html>', why: 'npm did not answer' },
])(
  'an advisory database that cannot be reached is never taken for one that knows nothing: $why',
  ({ output, why }) => {
    expect(reportOf(output)).toEqual({
      text: `Nothing was checked: the advisory database could not be reached (${why}).`,
      exitCode: 2,
    });
  },
);
