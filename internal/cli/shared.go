package cli

import (
	"runtime"

	"contrastcheck/campaign"
)

// runner does the shards of what can be shared out: on all cores.
func (s *session) runner() campaign.Runner {
	return campaign.InProcess(runtime.GOMAXPROCS(0))
}
