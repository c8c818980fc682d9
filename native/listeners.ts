/** A set of callbacks. One that throws is reported and does not keep the others from being called. */
export interface Listeners<T> {
  add(listener: (value: T) => void): () => void;
  emit(value: T): void;
}

export function createListeners<T>(onThrow: (error: unknown) => void): Listeners<T> {
  const all = new Set<(value: T) => void>();
  return {
    add(listener) {
      all.add(listener);
      return () => {
        all.delete(listener);
      };
    },
    emit(value) {
      for (const listener of [...all]) {
        try {
          listener(value);
        } catch (error) {
          onThrow(error);
        }
      }
    },
  };
}
