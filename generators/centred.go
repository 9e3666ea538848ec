package generators

import (
	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// Centred draws SharedCovariance and subtracts the mean, exactly.
func Centred() *rapid.Generator[*gmm.Mixture] {
	return rapid.Map(SharedCovariance(), centre)
}
