import { HELP } from './command-line/help.ts';
import { orderOf } from './command-line/order.ts';
import { version } from './command-line/version.ts';

const order = orderOf(process.argv.slice(2));
switch (order.kind) {
  case 'help':
    process.stdout.write(HELP[order.about]);
    break;
  case 'version':
    process.stdout.write(`${version()}\n`);
    break;
  case 'mistake':
    process.stderr.write(`${order.sentence} See perch --help.\n`);
    process.exitCode = 2;
    break;
  // A server takes a second to load: only the orders that need one wait for it.
  case 'serve': {
    await import('./one-core.ts');
    const { serve } = await import('./serve.ts');
    await serve();
    break;
  }
  case 'demo': {
    await import('./one-core.ts');
    const { runDemo } = await import('./demo/demo.ts');
    await runDemo(order);
    break;
  }
  case 'backup': {
    const { runBackup } = await import('./backup/command.ts');
    await runBackup(order.folder);
    break;
  }
  case 'follow': {
    const { runFollow } = await import('./backup/command.ts');
    await runFollow(order.folder);
    break;
  }
  case 'restore': {
    const { runRestore } = await import('./backup/command.ts');
    await runRestore(order.folder);
    break;
  }
}
