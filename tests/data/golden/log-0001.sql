BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE attempt (
	id INTEGER NOT NULL, 
	delivery TEXT NOT NULL, 
	ended_at BIGINT NOT NULL, 
	outcome TEXT NOT NULL, 
	code INTEGER, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_attempt PRIMARY KEY (id), 
	CONSTRAINT fk_attempt_delivery FOREIGN KEY(delivery) REFERENCES delivery (id)
);
CREATE TABLE checkpoint (
	projection TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_checkpoint PRIMARY KEY (projection)
);
CREATE TABLE delivery (
	id TEXT NOT NULL, 
	subscription TEXT NOT NULL, 
	event_id TEXT NOT NULL, 
	story TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_at BIGINT NOT NULL, 
	created_at BIGINT NOT NULL, 
	last_error TEXT, 
	delivered_at BIGINT, 
	token INTEGER NOT NULL, 
	leased_until BIGINT, 
	CONSTRAINT pk_delivery PRIMARY KEY (id), 
	CONSTRAINT uq_delivery_subscription_event_id UNIQUE (subscription, event_id)
);
INSERT INTO "delivery" VALUES('d-477087ca7b2762ec5226da88d8e8f432','s-1','sub-1','harbour-bridge',21,'pending',0,1930564800000000,1930564800000000,NULL,NULL,0,NULL);
CREATE TABLE entry_version (
	number INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	version TEXT NOT NULL, 
	place TEXT, 
	published BIGINT, 
	seen BIGINT NOT NULL, 
	data TEXT NOT NULL, 
	CONSTRAINT pk_entry_version PRIMARY KEY (number), 
	CONSTRAINT uq_entry_version_entry_version UNIQUE (entry, version)
);
CREATE TABLE event (
	position INTEGER NOT NULL, 
	stream TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	type TEXT NOT NULL, 
	schema INTEGER NOT NULL, 
	actor TEXT NOT NULL, 
	causation TEXT, 
	published_at BIGINT, 
	recorded_at BIGINT NOT NULL, 
	data TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_event PRIMARY KEY (position), 
	CONSTRAINT uq_event_stream_version UNIQUE (stream, version), 
	CONSTRAINT uq_event_id UNIQUE (id)
);
INSERT INTO "event" VALUES(1,'feed-post',1,'id-1','feed.added',1,'judge',NULL,NULL,1930291200000000,'{"feed":"post","name":"Harbour Post","story":"harbour-bridge","url":"https://post.example/rss"}','de7dfaeba78e9158270e7190312f2f5706d5198f7c22ca52c6d8ce52fa652fb7');
INSERT INTO "event" VALUES(2,'feed-nine',1,'id-2','feed.added',1,'judge',NULL,NULL,1930291200000000,'{"feed":"nine","name":"Channel Nine","story":null,"url":"https://nine.example/rss"}','cb8bc964c9ffc0a07a99cf71eb59bbf66e9dbc367069612b8dd7fb41aeefb1e2');
INSERT INTO "event" VALUES(3,'story-harbour-bridge',1,'id-3','story.opened',1,'person',NULL,NULL,1930291200000000,'{"as_of":"2031-03-03T08:00:00Z","document":"bridge.txt","document_sha256":"abababababababababababababababababababababababababababababababab","language":"en","story":"harbour-bridge","title":"Old harbour bridge closed"}','11364bfef480d0de88ce9c5badcba59eb2d22beb6c54bfd4fb7f63828f7d84eb');
INSERT INTO "event" VALUES(4,'story-harbour-bridge',2,'id-4','claim.tracked',1,'person',NULL,NULL,1930291200000000,'{"claim":{"attributed_to":"the fire brigade","dates":[],"evidence":null,"id":"S01","polarity":true,"quantities":[{"approximate":false,"high":11,"low":11,"noun":"person","start":0,"text":"","unit":""}],"status":"fact","text":"Eleven people were hurt when the railing gave way."},"entry":null,"finding":null,"origin":"seed"}','cb69112dd25095fa7fdb7fc1537ce657992df3380e2479c2f8d92316dabeb501');
INSERT INTO "event" VALUES(5,'story-harbour-bridge',3,'id-5','claim.tracked',1,'person',NULL,NULL,1930291200000000,'{"claim":{"attributed_to":null,"dates":[],"evidence":null,"id":"S02","polarity":true,"quantities":[],"status":"fact","text":"The council knew of cracks in the railing."},"entry":null,"finding":null,"origin":"seed"}','ff7335fbda65dfa753b85b4640de25ab25161b788188fddcf47b1828cd81041c');
INSERT INTO "event" VALUES(6,'story-harbour-bridge',4,'id-6','claim.tracked',1,'person',NULL,NULL,1930291200000000,'{"claim":{"attributed_to":"the council","dates":[],"evidence":null,"id":"S03","polarity":true,"quantities":[],"status":"planned","text":"The bridge will stay closed until 14 March."},"entry":null,"finding":null,"origin":"seed"}','894b0133cb176ae1cd8bbd6423d65b078a0541118e4c723af5a20e848d2cb8a9');
INSERT INTO "event" VALUES(7,'story-harbour-bridge',5,'id-7','claim.tracked',1,'person',NULL,NULL,1930291200000000,'{"claim":{"attributed_to":"the harbour office","dates":[],"evidence":null,"id":"S04","polarity":true,"quantities":[],"status":"announced","text":"A ferry will run from Tuesday."},"entry":null,"finding":null,"origin":"seed"}','d5ce852b0a346573e68526eea984bf8b2a25cb10834fa7be5906caab34e9b1bb');
INSERT INTO "event" VALUES(8,'story-harbour-bridge',6,'id-8','claim.corroborated',1,'judge 1',NULL,NULL,1930298400000000,'{"entry":{"id":"e1","language":"en","published":"2031-03-03T09:50:00Z","publisher":"Harbour Post","source":"Coast Wire","summary":"","title":"Bridge railing: eleven hurt","url":"https://coast-wire.example/1?a=1&b=2","version":"v1"},"finding":{"claim":"S01","field":null,"happening":"e1","needs_review":false,"new":null,"news":true,"old":null,"reason":"same number: 11 people","relation":"corroborates","score":0.9,"sentence":"Eleven people were hurt, the fire brigade said."}}','27c1b0efd1e0fbef3fa4762a6e2010f5abf1c1864c620b7a05fd73c808e4d0ac');
INSERT INTO "event" VALUES(9,'story-harbour-bridge',7,'id-9','entry.linked',1,'judge 1',NULL,NULL,1930302000000000,'{"claims":["S01"],"duplicate_of":"e1","entry":{"id":"e2","language":"en","published":"2031-03-03T10:50:00Z","publisher":"City Herald","source":"Coast Wire","summary":"","title":"Eleven hurt on bridge","url":"https://coast-wire.example/2?a=1&b=2","version":"v1"},"happening":"e1","reason":"the same agency text","score":0.8}','893cbff24d8e32fe93123024ee06bb3a26df4f64e708f9291c57fa6e151701e5');
INSERT INTO "event" VALUES(10,'story-harbour-bridge',8,'id-10','entry.linked',1,'judge 1',NULL,NULL,1930305600000000,'{"claims":[],"duplicate_of":null,"entry":{"id":"e3","language":"en","published":"2031-03-03T11:50:00Z","publisher":"Channel Nine","source":"Channel Nine","summary":"","title":"A short history of the bridge","url":"https://channel-nine.example/3?a=1&b=2","version":"v1"},"happening":"e3","reason":"background only","score":0.6}','6245253d692d200f363161c2a49e4b7ecc82bddc8c789c5077487d59ea9f4905');
INSERT INTO "event" VALUES(11,'story-harbour-bridge',9,'id-11','claim.updated',1,'judge 1',NULL,NULL,1930323600000000,'{"current":{"attributed_to":"the fire brigade","dates":[],"evidence":null,"id":"S01","polarity":true,"quantities":[{"approximate":false,"high":14,"low":14,"noun":"person","start":0,"text":"","unit":""}],"status":"fact","text":"Fourteen people were hurt when the railing gave way."},"entry":{"id":"e4","language":"en","published":"2031-03-03T16:50:00Z","publisher":"City Herald","source":"City Herald","summary":"","title":"Toll on harbour bridge rises to 14","url":"https://city-herald.example/4?a=1&b=2","version":"v1"},"finding":{"claim":"S01","field":"quantity","happening":"e1","needs_review":false,"new":"14 people","news":true,"old":"11 people","reason":"14 is more than the 11 known before","relation":"updates","score":0.9,"sentence":"Fourteen people are now known to be hurt."}}','4be7978041005468c507173d51d17a8ab759eb3b4d6e1fbdc5ab7e2f2924acd2');
INSERT INTO "event" VALUES(12,'story-harbour-bridge',10,'id-12','claim.denied',1,'judge 1',NULL,NULL,1930363200000000,'{"entry":{"id":"e5","language":"en","published":"2031-03-04T03:50:00Z","publisher":"Harbour Post","source":"Harbour Post","summary":"","title":"Council: \u001b[31mno warning\u001b[0m of <cracks>","url":"https://harbour-post.example/5?a=1&b=2","version":"v1"},"finding":{"claim":"S02","field":"polarity","happening":"e1","needs_review":false,"new":null,"news":true,"old":null,"reason":"the opposite is said: knew / nobody told","relation":"denies","score":0.9,"sentence":"“Nobody told us of any cracks,” a spokeswoman said."}}','1050e3e03002fa8dd6befd9be9e0a71667cf941d7164d7d5375116a200d0062c');
INSERT INTO "event" VALUES(13,'story-harbour-bridge',11,'id-13','claim.tracked',1,'judge 1',NULL,NULL,1930399200000000,'{"claim":{"attributed_to":"the mayor","dates":[],"evidence":null,"id":"N-7c1","polarity":true,"quantities":[],"status":"announced","text":"A judge will lead an inquiry into the collapse."},"entry":{"id":"e6","language":"en","published":"2031-03-04T13:50:00Z","publisher":"Channel Nine","source":"Channel Nine","summary":"","title":"Judge to lead bridge inquiry","url":"https://channel-nine.example/6?a=1&b=2","version":"v1"},"finding":{"claim":null,"field":null,"happening":"e1","needs_review":false,"new":null,"news":true,"old":null,"reason":"an announcement that no claim covers","relation":"new","score":0.9,"sentence":"A judge will lead an inquiry, the mayor said."},"origin":"entry"}','6d1c7d973411fd1a6023f9789b5a6be22661990ee4417081ed3f1f23efa77767');
INSERT INTO "event" VALUES(14,'story-harbour-bridge',12,'id-14','claim.updated',1,'judge 1',NULL,NULL,1930435200000000,'{"current":{"attributed_to":"the council","dates":[],"evidence":null,"id":"S03","polarity":true,"quantities":[],"status":"planned","text":"The bridge will stay closed until 14 March."},"entry":{"id":"e7","language":"en","published":"2031-03-04T23:50:00Z","publisher":"Coast Wire","source":"Coast Wire","summary":"","title":"Bridge may stay closed for longer","url":"https://coast-wire.example/7?a=1&b=2","version":"v1"},"finding":{"claim":"S03","field":"date","happening":"e1","needs_review":true,"new":"summer","news":true,"old":"14 March","reason":"a later date, but only a fear","relation":"updates","score":0.48,"sentence":"Repairs could take until summer, engineers fear."}}','ba962445cf2f16d6972e603846b46e1a7007d224ddc4ffe863290513ad01f130');
INSERT INTO "event" VALUES(15,'story-harbour-bridge',13,'id-15','entry.revised',1,'judge 1',NULL,NULL,1930471200000000,'{"entry":{"id":"e1","language":"en","published":"2031-03-03T09:50:00Z","publisher":"Harbour Post","source":"Coast Wire","summary":"","title":"Bridge railing: eleven hurt","url":"https://coast-wire.example/1?a=1&b=2","version":"v1"},"new":"Eleven people were injured.","old":"Eleven people were hurt."}','a815de0ebceba12ebd71c79a414812df4edb56d547c3fd4138ff417e80d1d0be');
INSERT INTO "event" VALUES(16,'story-harbour-bridge',14,'id-16','claim.withdrawn',1,'judge 1',NULL,NULL,1930507200000000,'{"claim":"S04","reason":"the harbour office took its announcement back"}','2a2db5905e0b66a1653ab6b48d4288cac5dcef934c4b9375ab5cd04ed159c534');
INSERT INTO "event" VALUES(17,'story-harbour-bridge',15,'id-17','claim.denied',1,'judge 1',NULL,NULL,1930543200000000,'{"entry":{"id":"e9","language":"en","published":"2031-03-06T05:50:00Z","publisher":"City Herald","source":"City Herald","summary":"","title":"Bridge to open tomorrow, says reader","url":"https://city-herald.example/9?a=1&b=2","version":"v1"},"finding":{"claim":"S03","field":"date","happening":"e1","needs_review":false,"new":"tomorrow","news":true,"old":"14 March","reason":"another date: tomorrow","relation":"denies","score":0.9,"sentence":"It opens tomorrow!"}}','5ba941a062bac1d746c37446cae919be7b5649ed547c0ea86e031be9dd8a11c3');
INSERT INTO "event" VALUES(18,'story-harbour-bridge',16,'id-18','claim.corroborated',1,'judge 1',NULL,NULL,1930557600000000,'{"entry":{"id":"e10","language":"en","published":"2031-03-06T09:50:00Z","publisher":"Channel Nine","source":"Channel Nine","summary":"","title":"Fourteen hurt, hospital confirms","url":"https://channel-nine.example/10?a=1&b=2","version":"v1"},"finding":{"claim":"S01","field":null,"happening":"e1","needs_review":false,"new":null,"news":true,"old":null,"reason":"same number: 14 people","relation":"corroborates","score":0.9,"sentence":"The hospital treated 14 people."}}','4278f8e328c79b3ec4bd5a190272e0f0edbf80a21bb0bc5a8afe1beca6306568');
INSERT INTO "event" VALUES(19,'story-harbour-bridge',17,'id-19','finding.reviewed',1,'Ada',NULL,NULL,1930561200000000,'{"position":17,"relation":null,"verdict":"rejected"}','a857ee3d26a213110048d3f8a704dab8001cde22961e9dab59af6c12c6583341');
INSERT INTO "event" VALUES(20,'feed-nine',2,'id-20','feed.failing',1,'worker',NULL,NULL,1930564800000000,'{"error":"nine.example answered 503","failures":4,"feed":"nine"}','50a15b22b9192d56b85eb198a26285b978eb886bf113855e979e0aaeaae65378');
INSERT INTO "event" VALUES(21,'alerts',1,'sub-1','subscription.added',1,'person',NULL,NULL,1930564800000000,'{"channel":"email","secret":null,"story":null,"subscription":"s-1","target":"desk@news.example"}','180563e34fcec3b32098189f44628b80b949eb71525eb262ad72644994519400');
CREATE TABLE feed (
	id TEXT NOT NULL, 
	url TEXT NOT NULL, 
	name TEXT, 
	story TEXT, 
	added_at BIGINT NOT NULL, 
	due_at BIGINT NOT NULL, 
	etag TEXT, 
	last_modified TEXT, 
	body_hash TEXT, 
	imported BOOLEAN NOT NULL, 
	failures INTEGER NOT NULL, 
	last_ok_at BIGINT, 
	last_error TEXT, 
	gone BOOLEAN NOT NULL, 
	removed BOOLEAN NOT NULL, 
	CONSTRAINT pk_feed PRIMARY KEY (id)
);
CREATE TABLE judgement (
	story TEXT NOT NULL, 
	entry TEXT NOT NULL, 
	version TEXT NOT NULL, 
	relevant BOOLEAN NOT NULL, 
	score FLOAT NOT NULL, 
	reason TEXT NOT NULL, 
	judge TEXT NOT NULL, 
	judged_at BIGINT NOT NULL, 
	CONSTRAINT pk_judgement PRIMARY KEY (story, entry, version)
);
CREATE TABLE log (
	id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	recorded_at BIGINT NOT NULL, 
	CONSTRAINT pk_log PRIMARY KEY (id)
);
INSERT INTO "log" VALUES(1,21,1930564800000000);
CREATE TABLE sighting (
	entry TEXT NOT NULL, 
	version TEXT NOT NULL, 
	feed TEXT NOT NULL, 
	first_seen BIGINT NOT NULL, 
	last_seen BIGINT NOT NULL, 
	baseline BOOLEAN NOT NULL, 
	CONSTRAINT pk_sighting PRIMARY KEY (entry, version, feed)
);
CREATE TABLE stream (
	stream TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_stream PRIMARY KEY (stream)
);
INSERT INTO "stream" VALUES('feed-post',1);
INSERT INTO "stream" VALUES('feed-nine',2);
INSERT INTO "stream" VALUES('story-harbour-bridge',17);
INSERT INTO "stream" VALUES('alerts',1);
CREATE TABLE "view" (
	projection TEXT NOT NULL, 
	partition TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	data TEXT NOT NULL, 
	CONSTRAINT pk_view PRIMARY KEY (projection, partition, "key")
);
CREATE INDEX ix_event_stream_position ON event (stream, position);
CREATE INDEX ix_event_recorded_at_position ON event (recorded_at, position);
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE INDEX ix_delivery_state_due_at ON delivery (state, due_at);
CREATE INDEX ix_attempt_delivery ON attempt (delivery);
CREATE INDEX ix_entry_version_place ON entry_version (place);
CREATE INDEX ix_feed_due_at ON feed (due_at);
COMMIT;
