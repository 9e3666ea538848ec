package cli

import (
	"runtime"

	"contrastcheck/campaign"
)

// runner does the shards of what can be shared out: on all cores, or where --queue says.
func (s *session) runner() campaign.Runner {
	if s.connection != nil {
		return s.runQueued
	}
	return campaign.InProcess(runtime.GOMAXPROCS(0))
}
