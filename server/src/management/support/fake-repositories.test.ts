import { FakeRepositories } from './fake-repositories.ts';
import { repositoriesContract } from './repositories.contract.ts';

repositoriesContract('in memory', async () => {
  const repositories = new FakeRepositories();
  return { repositories, reopen: async () => repositories };
});
