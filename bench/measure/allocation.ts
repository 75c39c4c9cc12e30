import { Session, type HeapProfiler } from 'node:inspector'

/** Bytes that `work` allocates on the JavaScript heap, collected or not, by V8's sampling heap profiler. */
export async function allocatedBytes(work: () => Promise<void>): Promise<number> {
  const session = new Session()
  session.connect()
  try {
    const options = { samplingInterval: 4096, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true }
    await new Promise<void>((resolve, reject) =>
      session.post('HeapProfiler.startSampling', options, (error) => (error === null ? resolve() : reject(error))),
    )
    await work()
    const profile = await new Promise<HeapProfiler.SamplingHeapProfile>((resolve, reject) =>
      session.post('HeapProfiler.stopSampling', (error, answer) => (error === null ? resolve(answer.profile) : reject(error))),
    )
    return sizeOf(profile.head)
  } finally {
    session.disconnect()
  }
}

function sizeOf(node: HeapProfiler.SamplingHeapProfileNode): number {
  return node.children.reduce((sum, child) => sum + sizeOf(child), node.selfSize)
}
