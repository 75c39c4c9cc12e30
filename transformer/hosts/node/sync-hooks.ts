import type { ImportHooks } from './import-hooks.ts'
import type { SyncHooks } from './node-module.ts'

/** For `module.registerHooks`: they run before those of `module.register`, in whatever order the two were called. */
export function syncHooks(hooks: ImportHooks): SyncHooks {
  return {
    resolve(specifier, context, next) {
      if (hooks.isRequire(context)) return next(specifier, context)
      const resolved = nextOrElse()
      hooks.resolved(resolved.url, context)
      return resolved

      function nextOrElse() {
        try {
          return next(specifier, context)
        } catch (error) {
          return next(hooks.resolveElse(error, specifier, context), context)
        }
      }
    },
    load(url, context, next) {
      if (hooks.isRequire(context)) return next(url, context)
      const loaded = hooks.loadProcess(url, context)
      if (loaded !== undefined) return loaded
      try {
        return next(url, context)
      } catch (error) {
        return hooks.loadElse(error, url, context)
      }
    },
  }
}
