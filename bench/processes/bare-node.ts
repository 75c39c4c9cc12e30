/** What `first-step.ts` prints, by an OS process that has nothing but Node. */
console.log(JSON.stringify({ sinceStartMs: performance.now(), residentBytes: process.memoryUsage().rss }))
