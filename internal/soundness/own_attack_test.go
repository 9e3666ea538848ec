//go:build attack

package soundness_test

import "testing"

// As many cases as take ten minutes and more: beyond the gate's share of them.
func TestManyOwnCovariances(t *testing.T) { randomOwnCovariances(t, 1000) }
