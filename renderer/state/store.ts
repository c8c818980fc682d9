/** The one store of the screen. Slices are combined here, once; actions live beside it at module level. */
import { create } from 'zustand';
import { initialDesk, type DeskSlice } from './desk-slice.ts';
import { initialView, type ViewSlice } from './view-slice.ts';
import { initialPlaces, type PlaceSlice } from './place-slice.ts';
import { initialPreferences, type PreferencesSlice } from './preferences-slice.ts';

export type AppState = DeskSlice & PlaceSlice & ViewSlice & PreferencesSlice;

export const useStore = create<AppState>()(() => initialState());

export function initialState(): AppState {
  return { ...initialDesk, ...initialPlaces, ...initialView, ...initialPreferences };
}

/** Between tests. */
export function resetStore(): void {
  useStore.setState(initialState(), true);
}
