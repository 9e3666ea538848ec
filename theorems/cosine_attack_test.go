//go:build attack

package theorems

import "testing"

// Of 500 random mixtures of two centred components, every one is judged, and few are left open: those that lie so far apart that noise gains less than the error.
func TestCosinesReadNoise(t *testing.T) { cosinesReadNoise(t, 500) }
