// Package enough lets tests of random cases demand how many of a kind came up.
package enough

import "testing"

// Cases fails the test if fewer cases than least were found; than a fifth under -short, as rapid draws a fifth there.
func Cases(t testing.TB, what string, found, least int) {
	t.Helper()
	if testing.Short() {
		least /= 5
	}
	if found < least && !t.Failed() {
		t.Errorf("%s: %d cases, expected at least %d", what, found, least)
	}
}
