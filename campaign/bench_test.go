package campaign_test

import (
	"fmt"
	"testing"

	"contrastcheck/campaign"
	"contrastcheck/theorems"
)

// BenchmarkVerify is what random cases take as one part, and in shards that are written, read and merged.
func BenchmarkVerify(b *testing.B) {
	const cases = 4096
	claims := found(theorems.Find("svd-spherical"))
	for _, brief := range []bool{true, false} {
		o := theorems.Options{Cases: cases, Seed: 1, Brief: brief}
		b.Run(fmt.Sprintf("part/brief=%v", brief), func(b *testing.B) {
			for b.Loop() {
				if _, err := (theorems.Part{Claim: claims[0], Seed: 1, Beyond: cases, Brief: brief}).Run(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("shards/brief=%v", brief), func(b *testing.B) {
			for b.Loop() {
				if _, err := campaign.Verify(b.Context(), campaign.InProcess(1), claims, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLocal is what a shard costs beside its work.
func BenchmarkLocal(b *testing.B) {
	for _, workers := range []int{1, 2, 5} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			const shards = 10_000
			for b.Loop() {
				if err := campaign.Local(b.Context(), numbered(shards), workers, func(int, []byte) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/shards, "µs/shard")
		})
	}
}
