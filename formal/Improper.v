(* Integrals of moderate functions of one variable against the bell: they exist, are linear and monotone; some of them. *)
From Coq Require Import Reals Lra Lia Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From Contrast Require Import Plane Moderate Gaussian Line.
Open Scope R_scope.

Definition moderate1 (h : R -> R) :=
  exists C a, 0 <= C /\ 0 <= a /\ forall s t, Rabs (h s - h t) <= C * exp (a * (Rabs s + Rabs t)) * Rabs (s - t).

Lemma growth1 h : moderate1 h -> exists K k, 0 <= K /\ 0 <= k /\ forall t, Rabs (h t) <= K * exp (k * Rabs t).
Proof.
  intros (C & a & HC & Ha & H). exists (Rabs (h 0) + C), (a + 1). pose proof (Rabs_pos (h 0)). repeat split; try lra.
  intros t. specialize (H t 0). rewrite Rabs_R0, Rplus_0_r, Rminus_0_r in H. pose proof (Rabs_pos t) as T.
  assert (H1 : Rabs (h t) <= Rabs (h 0) + Rabs (h t - h 0)).
  { replace (h t) with (h 0 + (h t - h 0)) at 1 by ring. apply Rabs_triang. }
  replace ((a + 1) * Rabs t) with (a * Rabs t + Rabs t) by ring. rewrite exp_plus.
  pose proof (exp_ge_1 (a * Rabs t) ltac:(nra)) as E1. pose proof (exp_ineq1_le (Rabs t)) as E2.
  assert (P : C * exp (a * Rabs t) * Rabs t <= C * (exp (a * Rabs t) * exp (Rabs t))).
  { rewrite Rmult_assoc. apply Rmult_le_compat_l; [exact HC|]. apply Rmult_le_compat_l; lra. }
  assert (Q : 1 <= exp (a * Rabs t) * exp (Rabs t)) by nra. nra.
Qed.

Lemma moderate1_continuous h t : moderate1 h -> continuous h t.
Proof.
  intros (C & a & HC & Ha & H). apply (filterlim_locally (F := locally t) h (h t)). intros eps.
  set (K := C * exp (a * (2 * Rabs t + 1)) + 1).
  assert (PK : 0 < K). { pose proof (exp_pos (a * (2 * Rabs t + 1))). unfold K. nra. }
  assert (Pd : 0 < Rmin 1 (eps / K)). { apply Rmin_pos; [lra|]. apply Rdiv_lt_0_compat; [apply cond_pos|exact PK]. }
  exists (mkposreal _ Pd). intros s Hs. change (Rabs (s - t) < Rmin 1 (eps / K)) in Hs. change (Rabs (h s - h t) < eps).
  assert (L1 : Rabs (s - t) < 1) by (eapply Rlt_le_trans; [exact Hs|apply Rmin_l]).
  assert (L2 : Rabs (s - t) < eps / K) by (eapply Rlt_le_trans; [exact Hs|apply Rmin_r]).
  assert (S : Rabs s <= Rabs t + 1).
  { replace s with (t + (s - t)) by ring. pose proof (Rabs_triang t (s - t)). lra. }
  eapply Rle_lt_trans; [apply H|].
  apply Rle_lt_trans with (K * Rabs (s - t)).
  - apply Rmult_le_compat_r; [apply Rabs_pos|]. unfold K.
    assert (exp (a * (Rabs s + Rabs t)) <= exp (a * (2 * Rabs t + 1))) by (apply exp_le; nra). nra.
  - apply (Rmult_lt_reg_r (/ K)); [apply Rinv_0_lt_compat; exact PK|].
    replace (K * Rabs (s - t) * / K) with (Rabs (s - t)) by (field; lra). exact L2.
Qed.

(* Against the bell every moderate function decays, at any rate. *)
Lemma decay_at q h : 0 <= q -> moderate1 h -> exists D, 0 <= D /\ forall t, Rabs (h t * bell t) <= D * exp (- (q * Rabs t)).
Proof.
  intros Hq H. destruct (growth1 h H) as (K & k & HK & Hk & G). exists (K * exp ((k + q) ^ 2 / 2)).
  pose proof (exp_pos ((k + q) ^ 2 / 2)). split; [nra|]. intros t.
  rewrite Rabs_mult, (Rabs_right (bell t)) by (pose proof (bell_pos t); lra).
  eapply Rle_trans; [apply Rmult_le_compat_r; [left; apply bell_pos|apply G]|].
  rewrite !Rmult_assoc. apply Rmult_le_compat_l; [exact HK|]. unfold bell. rewrite <- !exp_plus. apply exp_le.
  rewrite <- (pow2_abs t).
  assert (0 <= (Rabs t - (k + q)) ^ 2) by apply pow2_ge_0. nra.
Qed.

Lemma decay h : moderate1 h -> exists D, 0 <= D /\ forall t, Rabs (h t * bell t) <= D * exp (- Rabs t).
Proof.
  intros H. destruct (decay_at 1 h ltac:(lra) H) as (D & HD & B). exists D. split; [exact HD|].
  intros t. specialize (B t). rewrite Rmult_1_l in B. exact B.
Qed.

Lemma integrand_continuous h t : moderate1 h -> continuous (fun t => h t * bell t) t.
Proof. intros H. apply (continuous_mult (K := R_AbsRing) h bell); [apply moderate1_continuous; exact H|apply bell_continuous]. Qed.

Lemma integrand_integrable h a b : moderate1 h -> ex_RInt (fun t => h t * bell t) a b.
Proof. intros H. apply (ex_RInt_continuous (V := R_CompleteNormedModule)). intros; apply integrand_continuous; exact H. Qed.

Lemma exp_integral_right a b : is_RInt (fun t => exp (- t)) a b (exp (- a) - exp (- b)).
Proof.
  replace (exp (- a) - exp (- b)) with (Hierarchy.minus (- exp (- b)) (- exp (- a))) by (unfold Hierarchy.minus, Hierarchy.plus, Hierarchy.opp; simpl; ring).
  apply (is_RInt_derive (fun s => - exp (- s)) (fun t => exp (- t))).
  - intros. auto_derive; [trivial|ring].
  - intros. apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). auto_derive. trivial.
Qed.

Lemma exp_integral_left a b : is_RInt exp a b (exp b - exp a).
Proof.
  apply (is_RInt_derive exp exp).
  - intros. auto_derive; [trivial|ring].
  - intros. apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). auto_derive. trivial.
Qed.

Lemma rest f D a b c : (forall t, continuous f t) -> 0 <= D -> (forall t, Rabs (f t) <= D * exp (- Rabs t)) ->
  0 <= c -> a <= - c -> c <= b ->
  Rabs (RInt f a b - RInt f (- c) c) <= 2 * (D * exp (- c)).
Proof.
  intros H HD B Hc Ha Hb.
  assert (I : forall a b, ex_RInt f a b) by (intros; apply (ex_RInt_continuous (V := R_CompleteNormedModule)); intros; apply H).
  assert (R1 : Rabs (RInt f c b) <= D * exp (- c)).
  { pose proof (is_RInt_scal (V := R_NormedModule) _ c b D _ (exp_integral_right c b)) as J.
    apply Rle_trans with (RInt (fun t => D * exp (- t)) c b).
    - apply (norm_RInt_le f (fun t => D * exp (- t)) c b); [exact Hb| |apply (RInt_correct (V := R_CompleteNormedModule)), I|].
      + intros t Ht. eapply Rle_trans; [apply B|]. rewrite Rabs_right by lra. lra.
      + apply (RInt_correct (V := R_CompleteNormedModule)). eexists; exact J.
    - rewrite (is_RInt_unique (V := R_CompleteNormedModule) (fun t => D * exp (- t)) c b _ J). unfold scal; simpl. unfold mult; simpl. pose proof (exp_pos (- b)). nra. }
  assert (R2 : Rabs (RInt f a (- c)) <= D * exp (- c)).
  { pose proof (is_RInt_scal (V := R_NormedModule) _ a (- c) D _ (exp_integral_left a (- c))) as J.
    apply Rle_trans with (RInt (fun t => D * exp t) a (- c)).
    - apply (norm_RInt_le f (fun t => D * exp t) a (- c)); [exact Ha| |apply (RInt_correct (V := R_CompleteNormedModule)), I|].
      + intros t Ht. eapply Rle_trans; [apply B|]. rewrite Rabs_left1 by lra. rewrite Ropp_involutive. lra.
      + apply (RInt_correct (V := R_CompleteNormedModule)). eexists; exact J.
    - rewrite (is_RInt_unique (V := R_CompleteNormedModule) (fun t => D * exp t) a (- c) _ J). unfold scal; simpl. unfold mult; simpl. pose proof (exp_pos a). nra. }
  assert (E1 : RInt f a (- c) + RInt f (- c) c = RInt f a c) by (apply (RInt_Chasles (V := R_CompleteNormedModule) f); apply I).
  assert (E2 : RInt f a c + RInt f c b = RInt f a b) by (apply (RInt_Chasles (V := R_CompleteNormedModule) f); apply I).
  replace (RInt f a b - RInt f (- c) c) with (RInt f a (- c) + RInt f c b) by lra.
  pose proof (Rabs_triang (RInt f a (- c)) (RInt f c b)). lra.
Qed.

Lemma exp_small x : 0 < x -> exists c, 0 < c /\ exp (- c) < x.
Proof.
  intros Hx. exists (Rabs (ln x) + 1). pose proof (Rabs_pos (ln x)). split; [lra|].
  rewrite <- (exp_ln x Hx) at 2. apply exp_increasing. pose proof (Rle_abs (- ln x)). rewrite Rabs_Ropp in *. lra.
Qed.

Theorem line_exists h : moderate1 h -> exists I, line (fun t => h t * bell t) I.
Proof.
  intros H. destruct (decay h H) as (D & HD & B).
  apply (filterlimi_locally_cauchy (U := R_CompleteSpace) (F := filter_prod (Rbar_locally m_infty) (Rbar_locally p_infty))
    (fun ab => is_RInt (fun t => h t * bell t) (fst ab) (snd ab))).
  - apply filter_forall. intros [a b]. split.
    + exists (RInt (fun t => h t * bell t) a b). apply (RInt_correct (V := R_CompleteNormedModule)), integrand_integrable, H.
    + intros y1 y2 I1 I2. simpl in *. rewrite <- (is_RInt_unique (V := R_CompleteNormedModule) _ _ _ _ I1).
      apply (is_RInt_unique (V := R_CompleteNormedModule)). exact I2.
  - intros eps. destruct (exp_small (eps / (4 * (D + 1)))) as (c & Hc & Ec).
    { apply Rdiv_lt_0_compat; [apply cond_pos|lra]. }
    assert (Q : 4 * (D * exp (- c)) < eps).
    { apply Rmult_lt_compat_r with (r := 4 * (D + 1)) in Ec; [|lra].
      replace (eps / (4 * (D + 1)) * (4 * (D + 1))) with (pos eps) in Ec by (field; lra).
      pose proof (exp_pos (- c)). nra. }
    exists (fun ab => fst ab < - c /\ c < snd ab). split.
    + apply (Filter_prod _ _ _ (fun a => a < - c) (fun b => c < b)); [exists (- c); auto|exists c; auto|simpl; auto].
    + intros [a b] [a' b'] [Ha Hb] [Ha' Hb'] y y' Iy Iy'. simpl in *.
      rewrite <- (is_RInt_unique (V := R_CompleteNormedModule) _ _ _ _ Iy), <- (is_RInt_unique (V := R_CompleteNormedModule) _ _ _ _ Iy').
      pose proof (rest (fun t => h t * bell t) D a b c (fun t => integrand_continuous h t H) HD B ltac:(lra) ltac:(lra) ltac:(lra)) as R1.
      pose proof (rest (fun t => h t * bell t) D a' b' c (fun t => integrand_continuous h t H) HD B ltac:(lra) ltac:(lra) ltac:(lra)) as R2.
      set (i := RInt _ a b) in *. set (i' := RInt _ a' b') in *. set (j := RInt _ (- c) c) in *.
      change (Rabs (i' - i) < eps). replace (i' - i) with ((i' - j) - (i - j)) by ring.
      pose proof (Rabs_triang (i' - j) (- (i - j))) as T. rewrite Rabs_Ropp in T. unfold Rminus at 1. lra.
Qed.

Definition whole (h : R -> R) : R := RInt_gen (fun t => h t * bell t) (Rbar_locally m_infty) (Rbar_locally p_infty).

Lemma whole_correct h : moderate1 h -> line (fun t => h t * bell t) (whole h).
Proof. intros H. apply (RInt_gen_correct (V := R_CompleteNormedModule)). exact (line_exists h H). Qed.

Lemma whole_unique h I : line (fun t => h t * bell t) I -> whole h = I.
Proof. apply (is_RInt_gen_unique (V := R_CompleteNormedModule)). Qed.

(* Integrals over long intervals are near that over the line. *)
Lemma near h eps : moderate1 h -> 0 < eps -> exists c, 0 < c /\ forall a b, a <= - c -> c <= b ->
  Rabs (RInt (fun t => h t * bell t) a b - whole h) < eps.
Proof.
  intros H He. destruct (whole_correct h H (fun y => Rabs (y - whole h) < eps)) as [Q S HQ HS HQS].
  { exists (mkposreal eps He). intros y Hy. exact Hy. }
  destruct HQ as [qa Hqa]. destruct HS as [qb Hqb].
  exists (Rabs qa + Rabs qb + 1). pose proof (Rabs_pos qa). pose proof (Rabs_pos qb).
  split; [lra|]. intros a b Ha Hb.
  destruct (HQS a b) as (y & Iy & Hy).
  { apply Hqa. pose proof (Rle_abs (- qa)). rewrite Rabs_Ropp in *. lra. }
  { apply Hqb. pose proof (Rle_abs qb). lra. }
  simpl in Iy. apply (is_RInt_unique (V := R_CompleteNormedModule)) in Iy. rewrite Iy. exact Hy.
Qed.

Lemma whole_ext f g : (forall t, f t = g t) -> whole f = whole g.
Proof.
  intros H. unfold whole. f_equal. apply functional_extensionality. intros t. rewrite H. reflexivity.
Qed.

Lemma whole_linear a b f g : moderate1 f -> moderate1 g -> whole (fun t => a * f t + b * g t) = a * whole f + b * whole g.
Proof.
  intros Hf Hg. apply whole_unique.
  pose proof (is_RInt_gen_plus _ _ _ _ (is_RInt_gen_scal _ a _ (whole_correct f Hf)) (is_RInt_gen_scal _ b _ (whole_correct g Hg))) as P.
  refine (is_RInt_gen_ext _ _ _ _ P).
  apply filter_forall. intros ab t _. unfold Hierarchy.plus, scal; simpl. unfold mult; simpl. ring.
Qed.

Lemma whole_ge_0 f : moderate1 f -> (forall t, 0 <= f t) -> 0 <= whole f.
Proof.
  intros Hf H. destruct (Rle_dec 0 (whole f)) as [|N]; [assumption|exfalso].
  destruct (near f (- whole f) Hf ltac:(lra)) as (c & Hc & B). specialize (B (- c) c ltac:(lra) ltac:(lra)).
  assert (P : 0 <= RInt (fun t => f t * bell t) (- c) c).
  { apply RInt_ge_0; [lra|apply integrand_integrable; exact Hf|].
    intros t _. apply Rmult_le_pos; [apply H|left; apply bell_pos]. }
  apply Rabs_def2 in B. lra.
Qed.

Lemma moderate1_linear a b f g : moderate1 f -> moderate1 g -> moderate1 (fun t => a * f t + b * g t).
Proof.
  intros (C & p & HC & Hp & Hf) (D & q & HD & Hq & Hg). exists (Rabs a * C + Rabs b * D), (p + q).
  pose proof (Rabs_pos a). pose proof (Rabs_pos b). repeat split; try nra. intros s t.
  pose proof (Hf s t) as H1. pose proof (Hg s t) as H2.
  pose proof (Rabs_pos s). pose proof (Rabs_pos t). pose proof (Rabs_pos (s - t)).
  replace (a * f s + b * g s - (a * f t + b * g t)) with (a * (f s - f t) + b * (g s - g t)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite !Rabs_mult.
  assert (K1 : C * exp (p * (Rabs s + Rabs t)) * Rabs (s - t) <= C * exp ((p + q) * (Rabs s + Rabs t)) * Rabs (s - t)) by (apply wider; lra).
  assert (K2 : D * exp (q * (Rabs s + Rabs t)) * Rabs (s - t) <= D * exp ((p + q) * (Rabs s + Rabs t)) * Rabs (s - t)) by (apply wider; lra).
  set (x := exp ((p + q) * (Rabs s + Rabs t))) in *.
  apply Rle_trans with (Rabs a * (C * x * Rabs (s - t)) + Rabs b * (D * x * Rabs (s - t))); [|right; ring].
  apply Rplus_le_compat; apply Rmult_le_compat_l; lra.
Qed.

Lemma whole_monotone f g : moderate1 f -> moderate1 g -> (forall t, f t <= g t) -> whole f <= whole g.
Proof.
  intros Hf Hg H.
  assert (P : 0 <= whole (fun t => 1 * g t + -1 * f t)).
  { apply whole_ge_0; [apply moderate1_linear; assumption|]. intros t. specialize (H t). lra. }
  rewrite whole_linear in P by assumption. lra.
Qed.
