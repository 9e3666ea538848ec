package cli

import (
	"context"
	"runtime"

	"contrastcheck/campaign"
	"contrastcheck/theorems"
)

// runner does the shards of what can be shared out: on all cores, or where --queue says.
func (s *session) runner() campaign.Runner {
	if s.connection != nil {
		return s.runQueued
	}
	return campaign.InProcess(runtime.GOMAXPROCS(0))
}

// verify is theorems.Verify in shards.
func (s *session) verify(ctx context.Context, claims []theorems.Claim, o theorems.Options) ([]theorems.Result, error) {
	return campaign.Verify(ctx, s.runner(), claims, o)
}
