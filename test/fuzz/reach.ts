import { Session } from 'node:inspector/promises';

/**
 * Notes of which source files below `folder` functions are called from now on, until it is asked.
 * @returns asks: names of the files, relative to the folder
 */
export async function noteReach(folder: string): Promise<() => Promise<string[]>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: false });
  return async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    session.disconnect();
    return result
      .filter(({ url }) => url.includes(folder))
      .filter(({ functions }) =>
        functions.some(({ functionName, ranges }) => functionName !== '' && ranges[0]?.count !== 0),
      )
      .map(({ url }) => url.slice(url.indexOf(folder) + folder.length))
      .sort();
  };
}
