pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// Every control in each of its states, in the order of the design's drawing of the components.
Rectangle {
    id: gallery

    readonly property bool upright: height > width

    width: 1280
    height: 800
    color: Theme.surface

    component Shelf: Card {
        id: shelf

        property string about: ""
        default property alias things: inside.data

        Layout.fillWidth: true
        implicitHeight: inside.implicitHeight + note.implicitHeight + 42

        Words {
            id: note

            x: Theme.s20
            y: 14
            text: shelf.about
            size: Theme.caption
            color: Theme.ink3
        }
        ColumnLayout {
            id: inside

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: note.bottom
            anchors.leftMargin: Theme.s20
            anchors.rightMargin: Theme.s20
            anchors.topMargin: 10
            spacing: 10
        }
    }

    Flickable {
        anchors.fill: parent
        anchors.margins: Theme.s24
        contentHeight: grid.implicitHeight
        clip: true

        GridLayout {
            id: grid

            width: parent.width
            columns: gallery.upright ? 1 : 2
            columnSpacing: Theme.s12
            rowSpacing: Theme.s12

            ColumnLayout {
                Layout.alignment: Qt.AlignTop
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                spacing: Theme.s12

                Shelf {
                    about: "按钮"

                    Flow {
                        Layout.fillWidth: true
                        spacing: Theme.s8

                        ActionButton { objectName: "primary"; kind: "primary"; text: "主要" }
                        ActionButton { objectName: "tonal"; kind: "tonal"; text: "推荐" }
                        ActionButton { objectName: "secondary"; text: "次要" }
                        ActionButton { kind: "text"; text: "文字" }
                        ActionButton { kind: "danger"; text: "停用" }
                        IconButton { symbol: "phone"; name: "打电话"; framed: true }
                        IconButton { symbol: "plus"; name: "加入"; tonal: true }
                        ActionButton { text: "不可用"; enabled: false }
                    }
                }
                Shelf {
                    about: "筛选和标签"

                    Flow {
                        Layout.fillWidth: true
                        spacing: Theme.s8

                        FilterChip { text: "选中 7"; chosen: true }
                        FilterChip { text: "未选 2" }
                        FilterChip { text: "三天后"; tall: true }
                    }
                    Flow {
                        Layout.fillWidth: true
                        spacing: Theme.s8

                        Tag { text: "中性" }
                        Tag { text: "强调"; tone: "accent" }
                        Tag { text: "好"; tone: "good"; symbol: "check" }
                        Tag { text: "注意"; tone: "warn"; symbol: "clock" }
                        Tag { text: "出错"; tone: "bad"; symbol: "circle-alert" }
                        Tag { text: "人情"; tone: "clay"; symbol: "handshake" }
                        Tag { text: "金卡"; tone: "gold"; symbol: "crown" }
                    }
                }
                Shelf {
                    about: "输入"

                    SearchField { Layout.fillWidth: true; hint: "姓名、拼音、手机尾号，或扫码" }
                    InputField { objectName: "field"; Layout.fillWidth: true; label: "称呼"; text: "谢安宁" }
                    InputField { Layout.fillWidth: true; label: "手机号"; big: true; text: "139 0000 2093" }
                    InputField { Layout.fillWidth: true; label: "生日"; text: "13-40"; problem: "没有这一天，看看月和日" }
                    RowLayout {
                        spacing: Theme.s12

                        Segmented {
                            Layout.preferredWidth: 240
                            name: "范围"
                            current: "shop"
                            model: [{ key: "shop", label: "本店" }, { key: "region", label: "区域" }, { key: "all", label: "全国" }]
                        }
                        Toggle { objectName: "toggle"; name: "短信联系"; on: true }
                        Toggle { name: "电话联系" }
                    }
                    Stepper { value: 2; what: "手口湿巾" }
                    RowLayout {
                        Layout.fillWidth: true
                        spacing: Theme.s8

                        ChoiceTile { Layout.fillWidth: true; text: "到店"; symbol: "store"; chosen: true }
                        ChoiceTile { Layout.fillWidth: true; text: "电话"; symbol: "phone" }
                    }
                }
                Shelf {
                    about: "进度"

                    ProgressTrack { Layout.fillWidth: true; implicitHeight: 6; value: 0.66; name: "六" }
                    ProgressTrack { Layout.fillWidth: true; implicitHeight: 8; value: 0.66; name: "八" }
                    ProgressTrack { Layout.fillWidth: true; implicitHeight: 12; value: 1; tone: Theme.good; name: "十二" }
                }
            }
            ColumnLayout {
                Layout.alignment: Qt.AlignTop
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                spacing: Theme.s12

                Shelf {
                    about: "同步说明"

                    Flow {
                        Layout.fillWidth: true
                        spacing: Theme.s8

                        SyncPill { text: "已同步 · 2 分钟前" }
                        SyncPill { text: "没有网络 · 6 条待发"; tone: "warn"; symbol: "wifi-off" }
                        SyncPill { text: "3 件需要处理"; tone: "bad"; symbol: "circle-alert" }
                        SyncPill { text: "没有网络"; tone: "warn"; symbol: "wifi-off"; narrow: true }
                    }
                }
                Shelf {
                    about: "人"

                    PersonRow {
                        Layout.fillWidth: true
                        personId: "a"
                        title: "许安然"
                        level: "金卡"
                        detail: "第一行加粗，第二行小一号"
                        trailing: "十三天前"
                        chosen: true
                    }
                    PersonRow {
                        Layout.fillWidth: true
                        personId: "b"
                        title: "唐雨桐"
                        detail: "尾号 8806"
                        trailing: "昨天"
                        waiting: true
                    }
                    Divider { Layout.fillWidth: true }
                    KeyValueRow { Layout.fillWidth: true; label: "价目表"; value: "318 号" }
                    KeyValueRow { Layout.fillWidth: true; label: "语言"; value: "中文"; action: "更改" }
                    Flow {
                        Layout.fillWidth: true
                        spacing: Theme.s8

                        Repeater {
                            model: ["许", "夏", "徐", "谢", "薛", "向"]

                            Avatar {
                                required property int index
                                required property string modelData

                                name: modelData
                                personId: String.fromCharCode(index)
                            }
                        }
                    }
                    Flow {
                        Layout.fillWidth: true
                        spacing: Theme.s8

                        Repeater {
                            model: 6

                            ProductPicture {
                                required property int index

                                width: 48
                                height: 48
                                tint: index
                            }
                        }
                    }
                }
                Shelf {
                    about: "字"

                    Flow {
                        Layout.fillWidth: true
                        spacing: Theme.s16

                        Words { text: "¥3,286"; size: Theme.hero; bold: true }
                        Words { text: "34"; size: Theme.figure; bold: true }
                        Words { text: "28"; size: Theme.amount; bold: true }
                        Words { text: "22 标题"; size: Theme.title; bold: true }
                        Words { text: "17 强调"; size: Theme.strong; bold: true }
                        Words { text: "15 正文" }
                        Words { text: "13 说明"; size: Theme.caption; color: Theme.ink2 }
                    }
                }
                Banner {
                    Layout.fillWidth: true
                    lead: "没有网络，照常接待。"
                    text: "九点起有六条记录等待发送，联网后自动发送，不会丢。"
                    symbol: "cloud-upload"
                    action: "看明细"
                }
                Toast {
                    Layout.fillWidth: true
                    text: "唐雨桐的回访改到明天"
                    undoable: true
                    secondsLeft: 6
                }
                Shelf {
                    about: "空"

                    EmptyState {
                        Layout.fillWidth: true
                        title: "没有找到"
                        text: "可能是新朋友，十几秒就能办好；也可能在别的店入会。"
                        symbol: "search"
                        action: "办新会员"
                        actionSymbol: "user-plus"
                    }
                }
                Shelf {
                    about: "数字键"

                    NumberPad {
                        Layout.fillWidth: true
                        keyHeight: 54
                        extra: "忘记密码"
                    }
                }
            }
        }
    }
}
