package cli

import (
	"contrastcheck/gmm"
	"contrastcheck/tables"
)

// second reads the table that --text names, which has the samples of first, and fits a mixture to it.
func (i *input) second(s *session, first *tables.Table, shrinkage tables.Shrinkage) (*tables.Table, *gmm.Mixture, error) {
	t, done, err := i.samples(s, i.Text, first)
	if err == nil {
		err = first.Matches(t)
	}
	if err != nil {
		return nil, nil, err
	}
	i.features = append(i.features, t.Columns)
	if !done.changed() && i.Shrinkage == nil && !i.ownCovariances() {
		m, err := fitting(s, func() (*gmm.Mixture, error) { return (*preparation)(nil).fit(t, shrinkage, i.sampled) })
		return t, m, err
	}
	done.shrunk, done.auto = i.Shrinkage != nil, shrinkage.Auto()
	if i.preparation == nil {
		i.preparation = &preparation{Dropped: []string{}}
	}
	i.preparation.Text = done
	m, err := fitting(s, func() (*gmm.Mixture, error) { return done.fit(t, shrinkage, i.sampled) })
	return t, m, err
}
